package io.dflockd.client.internal;

import io.dflockd.client.DflockdListener;
import io.dflockd.client.ShardingStrategy;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a client was built with, checked. Times in nanoseconds.
 *
 * @param servers not empty; their order decides which key goes where
 * @param secret asked for on every new connection; empty where none is to be sent
 * @param connectTimeout how long one connection may take
 * @param responseTimeout how long the server may take for an answer it does not have to wait for
 * @param readTimeout after how long the servers close a silent connection
 * @param longestSilence after how long something is sent on a connection that must not be closed by the server
 * @param autoRelease whether the servers free what was granted on a connection when that ends
 * @param listener told what the client does
 * @param sharding which key goes where
 * @param fences whether tokens begin with a fencing token, which nothing on the wire tells
 */
public record ClientOptions(
        List<ServerAddress> servers,
        ClientRuntime runtime,
        Optional<Supplier<String>> secret,
        long connectTimeout,
        long responseTimeout,
        long readTimeout,
        long longestSilence,
        boolean autoRelease,
        Optional<DflockdListener> listener,
        ShardingStrategy sharding,
        boolean fences) {}

package io.dflockd.client.internal;

import io.dflockd.client.spi.ServerAddress;

/** One server among several: its address, its connections, its background work. */
final class Shard {

    private final ServerAddress server;
    private final ClientOptions options;
    private final LossNotices notices;
    private final WatchThread watchThread;
    private final RenewalLane lane;
    private final ConnectionPool pool;

    Shard(ServerAddress server, ClientOptions options, LossNotices notices, WatchThread watchThread) {
        this.server = server;
        this.options = options;
        this.notices = notices;
        this.watchThread = watchThread;
        this.lane = new RenewalLane(options.runtime(), server.toString());
        this.pool = new ConnectionPool(options, server, lane);
    }

    ServerAddress server() {
        return server;
    }

    ClientOptions options() {
        return options;
    }

    LossNotices notices() {
        return notices;
    }

    WatchThread watchThread() {
        return watchThread;
    }

    RenewalLane lane() {
        return lane;
    }

    ConnectionPool pool() {
        return pool;
    }

    long now() {
        return options.runtime().nanoTime();
    }

    Attempt attempt(String phase, WireKey key) {
        return new Attempt(phase, key, server, now());
    }
}

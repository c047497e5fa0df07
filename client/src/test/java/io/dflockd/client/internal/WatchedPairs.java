package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A selector, its thread, and connections that are seen from both ends. */
abstract class WatchedPairs {

    static final long SOON = TimeUnit.MILLISECONDS.toNanos(50);

    final ExecutorService threads = Executors.newCachedThreadPool();
    final Queue<Boolean> told = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    SelectorWatch watch;
    private volatile boolean ending;

    @BeforeEach
    void openWatch() throws IOException {
        watch = new SelectorWatch();
    }

    @AfterEach
    void closeAll() throws Exception {
        ending = true;
        watch.wakeUp();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        watch.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A connection, seen from both ends. */
    record Pair(SocketTransport here, SocketChannel channel, Socket there) {}

    Pair connect() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = SocketTransport.connect(
                    listener.getInetAddress(), listener.getLocalPort(), TimeUnit.SECONDS.toNanos(10), opened -> {});
            SocketTransport here = new SocketTransport(channel);
            Socket there = listener.accept();
            open.add(here);
            open.add(there);
            return new Pair(here, channel, there);
        }
    }

    Future<?> startAwaiting() {
        return threads.submit(() -> {
            while (!ending) {
                watch.await(TimeUnit.SECONDS.toNanos(10));
            }
            return "ended";
        });
    }
}

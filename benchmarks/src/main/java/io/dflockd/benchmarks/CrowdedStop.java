package io.dflockd.benchmarks;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stopping while some clients wait for a lock and as many for the end of a delay. */
final class CrowdedStop implements AutoCloseable {

    /** As many of each. */
    static final int CLIENTS = 100;

    private static final int LIMIT_SECONDS = 20;

    private final List<Socket> clients = new ArrayList<>();

    /** How long it takes, in nanoseconds. */
    static long measure(Startable what) throws Exception {
        try (CrowdedStop crowd = new CrowdedStop()) {
            return what == Startable.FAKE ? crowd.stopFake() : crowd.stopBare();
        }
    }

    private long stopFake() throws Exception {
        CountDownLatch stuck = new CountDownLatch(2 * CLIENTS);
        FakeOptions options = FakeOptions.defaults()
                .withEvents(event -> {
                    if (event instanceof EngineEvent.Enqueued) {
                        stuck.countDown();
                    }
                })
                .withFaultEvents(fault -> stuck.countDown());
        try (FakeDflockdServer server = FakeDflockdServer.start(options)) {
            server.on(Trigger.acquire().keyMatching("delayed-.*"))
                    .at(Phase.BEFORE_APPLY)
                    .then(Effect.latency(Duration.ofHours(1)))
                    .always();
            ask(server.port(), "l\nheld\n0\n").getInputStream().readNBytes("ok ".length());
            for (int i = 0; i < CLIENTS; i++) {
                ask(server.port(), "l\nheld\n3600\n");
                ask(server.port(), "l\ndelayed-" + i + "\n0\n");
            }
            if (!stuck.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(stuck.getCount() + " clients neither wait nor are delayed");
            }
            return time(List.of(server));
        }
    }

    /** The listener, and the sockets of as many accepted connections. */
    private long stopBare() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
            List<AutoCloseable> open = new ArrayList<>(List.of(server));
            for (int i = 0; i < 2 * CLIENTS; i++) {
                ask(server.getLocalPort(), "l\nheld\n3600\n");
                open.add(server.accept());
            }
            return time(open);
        }
    }

    private static long time(List<? extends AutoCloseable> closed) throws Exception {
        long start = System.nanoTime();
        for (AutoCloseable each : closed) {
            each.close();
        }
        return System.nanoTime() - start;
    }

    private Socket ask(int port, String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        clients.add(socket);
        socket.setSoTimeout(LIMIT_SECONDS * 1000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Override
    public void close() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }
}

package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ServerProgram;
import io.dflockd.fake.journal.RecordedRequest;
import java.time.Duration;
import java.util.List;

/**
 * Uncontended acquire and release through the client's public API, beside a raw socket loop with the same bytes, in turns against the same server.
 *
 * <p>{@code AcquireRelease [SECONDS-PER-TURN [TURNS]]}
 */
public final class AcquireRelease {

    /** One thread comes last: it suffers most from what is not compiled yet. */
    private static final int[] THREADS = {64, 8, 1};

    private static final Duration LEASE = Duration.ofSeconds(30); // which is what the raw loop asks for

    private static final int PAIRS = 100;

    private AcquireRelease() {}

    public static void main(String[] args) throws Exception {
        SideBySide measure = SideBySide.of(args, 0.25, 35);
        requireSameBytes();
        System.out.printf(
                "acquire+release pairs per second, one key and one connection a thread,%n"
                        + "median of %d turns of %.2f s each, Java %s%n",
                measure.turns(), measure.seconds(), Runtime.version().feature());
        SideBySide.printHead("client", "raw");
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0")) {
            ServerAddress server = fake.address();
            try (DflockdClient client = DflockdClient.connect(server.toString())) {
                SideBySide.warmUp(leases(client), loops(server));
            }
            for (int threads : THREADS) {
                try (DflockdClient client = DflockdClient.connect(server.toString())) {
                    measure.printRow(threads, leases(client), loops(server));
                    requireConnections(client, threads);
                }
            }
        }
    }

    private static SideBySide.Workers leases(DflockdClient client) {
        return number -> {
            DistributedLock lock = client.lock("bench-" + number).withLease(LEASE);
            return () -> lock.acquire().close();
        };
    }

    private static SideBySide.Workers loops(ServerAddress server) {
        return number -> new RawLoop(server.host(), server.port(), "bench-" + number);
    }

    /** Otherwise it is no floor. */
    private static void requireSameBytes() throws Exception {
        List<String> ofClient;
        List<String> ofLoop;
        try (FakeDflockdServer server = FakeDflockdServer.start(FakeOptions.defaults());
                DflockdClient client = DflockdClient.connect(server.address())) {
            ofClient = requests(server, leases(client));
        }
        try (FakeDflockdServer server = FakeDflockdServer.start(FakeOptions.defaults())) {
            ofLoop = requests(server, loops(ServerAddress.parse(server.address())));
        }
        if (!ofClient.equals(ofLoop)) {
            throw new IllegalStateException("the client sends " + ofClient + ", but the raw loop " + ofLoop);
        }
    }

    /** What the last of some pairs sends, but for the token. The first ones may take so long that the client confirms the grant. */
    private static List<String> requests(FakeDflockdServer server, SideBySide.Workers workers) throws Exception {
        try (SideBySide.Worker worker = workers.create(0)) {
            for (int i = 0; i < PAIRS; i++) {
                worker.pair();
            }
        }
        List<RecordedRequest> requests = server.journal().requests();
        return requests.subList(requests.size() - 2, requests.size()).stream()
                .map(request -> String.join("|", request.lines()).replaceAll("[0-9a-f]{32}", "TOKEN"))
                .toList();
    }

    /** Threads that do not meet share connections, which would be fewer than the raw loop's. */
    private static void requireConnections(DflockdClient client, int threads) throws InterruptedException {
        long connections = client.stats().get(0).connections();
        if (connections != threads) {
            System.out.printf("         (the client had %d connections)%n", connections);
        }
    }
}

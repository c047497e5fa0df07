package io.dflockd.benchmarks;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.ServerProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections at once, each of which takes a lock, renews it once and releases it; the fake has a JVM of its own with a heap of 128 MB.
 *
 * <p>{@code ManyConnections [CONNECTIONS]}
 */
public final class ManyConnections {

    private static final String HEAP = "-Xmx128m";

    private ManyConnections() {}

    /** One half of an exchange. */
    private interface Half {
        void of(RawLoop connection) throws IOException;
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
        System.out.printf(
                "%d connections, the fake with %s, Java %s%n",
                count, HEAP, Runtime.version().feature());
        System.out.printf("%-12s %12s %16s %16s%n", "all have", "took, ms", "live heap, MB", "resident, MB");
        List<RawLoop> connections = new ArrayList<>();
        try (OtherJvm fake =
                OtherJvm.start(List.of(HEAP), ServerProgram.class, "--port", "0", "--max-locks", "20000")) {
            ServerAddress server = fake.address();
            printRow("started", fake.pid(), System.nanoTime());
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                connections.add(new RawLoop(server.host(), server.port(), "key-" + i));
            }
            printRow("connected", fake.pid(), start);
            exchange("a lock", fake, connections, RawLoop::askForLock, RawLoop::awaitGrant);
            exchange("renewed", fake, connections, RawLoop::askForRenewal, RawLoop::awaitOk);
            exchange("released", fake, connections, RawLoop::askForRelease, RawLoop::awaitOk);
        } finally {
            for (RawLoop connection : connections) {
                connection.close();
            }
        }
    }

    /** All ask before the first looks at its reply. */
    private static void exchange(String name, OtherJvm fake, List<RawLoop> connections, Half ask, Half await)
            throws Exception {
        long start = System.nanoTime();
        for (RawLoop connection : connections) {
            ask.of(connection);
        }
        for (RawLoop connection : connections) {
            await.of(connection);
        }
        printRow(name, fake.pid(), start);
    }

    private static void printRow(String name, long pid, long start) throws Exception {
        double took = (System.nanoTime() - start) / 1e6;
        System.out.printf("%-12s %12.0f %16.1f %16s%n", name, took, Memory.liveHeap(pid) / 1e6, Memory.resident(pid));
    }
}

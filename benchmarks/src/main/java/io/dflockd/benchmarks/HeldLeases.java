package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.ServerProgram;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Thousands of leases that one client holds at once: what they take of its heap beside their sockets, how many threads, whether all are renewed in time, and, with
 * new ones, how soon their losses are told when the server is killed. The server has a JVM of its own.
 *
 * <p>{@code HeldLeases [LEASES [SECONDS]]}
 */
public final class HeldLeases {

    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String OURS = "dflockd-";

    private HeldLeases() {}

    /** What the client tells. */
    private static final class Counts implements DflockdListener {

        final AtomicLong renewed = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        final AtomicLong lost = new AtomicLong();

        @Override
        public void renewed(String key, ServerAddress server, Duration took) {
            renewed.incrementAndGet();
        }

        @Override
        public void renewalFailed(String key, ServerAddress server, String why) {
            failed.incrementAndGet();
        }

        @Override
        public void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {
            lost.incrementAndGet();
        }
    }

    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 35;
        System.out.printf(
                "%d leases of %d s each, held for %d s, Java %s%n",
                count, LEASE.toSeconds(), seconds, Runtime.version().feature());
        Counts counts = new Counts();
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0", "--max-locks", "20000")) {
            ServerAddress server = fake.address();
            double sockets = sockets(server, count);
            DflockdClient client = DflockdClient.builder()
                    .servers(server.toString())
                    .listener(counts)
                    .build();
            try (client) {
                client.lock("first").acquire().close();
                double before = heap();
                List<Lease> leases = acquire(client, count);
                System.out.printf("%-44s %10.1f MB%n", "heap of as many sockets alone", sockets);
                double held = heap() - before;
                System.out.printf("%-44s %10.1f MB%n", "heap of the leases with their sockets", held);
                System.out.printf("%-44s %10.1f MB%n", "heap of the leases beside their sockets", held - sockets);
                hold(leases, counts, seconds);
                releaseAll(leases);
            }
        }
        if (counts.lost.get() > 0) {
            System.out.println("FAILED: leases were lost");
            System.exit(1);
        }
        if (!Losses.measure(count)) {
            System.exit(1);
        }
    }

    private static double heap() throws IOException {
        return Memory.liveHeap(ProcessHandle.current().pid()) / 1e6;
    }

    /** What as many connected channels take, in megabytes. */
    private static double sockets(ServerAddress server, int count) throws IOException {
        List<SocketChannel> channels = new ArrayList<>(count);
        try {
            connect(server).close(); // so that the classes are there
            double before = heap();
            for (int i = 0; i < count; i++) {
                channels.add(connect(server));
            }
            return heap() - before;
        } finally {
            for (SocketChannel channel : channels) {
                channel.setOption(
                        StandardSocketOptions.SO_LINGER, 0); // a reset leaves no port behind that has to cool down
                channel.close();
            }
        }
    }

    private static SocketChannel connect(ServerAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.socket().connect(new InetSocketAddress(server.host(), server.port()), 10_000);
        return channel;
    }

    private static List<Lease> acquire(DflockdClient client, int count) throws InterruptedException {
        List<Lease> leases = new ArrayList<>(count);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            leases.add(client.lock("held-" + i).withLease(LEASE).acquire());
        }
        System.out.printf(
                "%-44s %10.1f s%n", "all acquired, one after the other, in", (System.nanoTime() - start) / 1e9);
        return leases;
    }

    private static void hold(List<Lease> leases, Counts counts, int seconds) {
        Duration least = LEASE;
        long threads = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - end < 0) {
            for (Lease lease : leases) {
                Duration remaining = lease.remaining();
                least = remaining.compareTo(least) < 0 ? remaining : least;
            }
            threads = Math.max(threads, clientThreads());
            LockSupport.parkNanos(LOOK);
        }
        System.out.printf("%-44s %10d%n", "most threads of the client", threads);
        System.out.printf("%-44s %10.1f%n", "renewals per lease", counts.renewed.get() / (double) leases.size());
        System.out.printf("%-44s %10d%n", "renewals that failed", counts.failed.get());
        System.out.printf("%-44s %10d%n", "leases lost", counts.lost.get());
        double late = LEASE.toMillis() / 2.0 - least.toMillis();
        System.out.printf("%-44s %10.1f s%n", "least that remained of any lease", least.toMillis() / 1e3);
        System.out.printf("%-44s %10.0f ms%n", "latest renewal, after half of the lease", Math.max(0, late));
    }

    private static long clientThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(OURS))
                .count();
    }

    private static void releaseAll(List<Lease> leases) {
        long start = System.nanoTime();
        long released = leases.stream().filter(Lease::release).count();
        System.out.printf("%-44s %10d in %.1f s%n", "released", released, (System.nanoTime() - start) / 1e9);
    }
}

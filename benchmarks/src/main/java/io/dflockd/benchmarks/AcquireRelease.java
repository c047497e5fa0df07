package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.spi.ServerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Uncontended acquire and release through the client's public API, beside a raw socket loop with the same bytes, in turns against the same server.
 *
 * <p>{@code AcquireRelease HOST:PORT [SECONDS-PER-TURN [TURNS]]}
 */
public final class AcquireRelease {

    private static final int[] THREADS = {1, 8, 64};

    private AcquireRelease() {}

    /** One worker's loop: does pairs until the deadline and says how many. */
    private interface Worker extends AutoCloseable {
        void pair() throws IOException, InterruptedException;

        @Override
        default void close() throws IOException {}
    }

    private interface WorkerFactory {
        Worker create(int number) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        ServerAddress server = ServerAddress.parse(args[0]);
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
        int turns = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        System.out.printf(
                "acquire+release pairs per second, median of %d turns of %.1f s each, server %s, Java %s%n",
                turns, seconds, server, Runtime.version().feature());
        System.out.printf("%8s %12s %12s %28s%n", "threads", "client", "raw socket", "client/raw (min median max)");
        try (DflockdClient client = DflockdClient.connect(server.toString())) {
            for (int threads : THREADS) {
                compare(client, server, threads, seconds, turns);
            }
        }
    }

    private static void compare(DflockdClient client, ServerAddress server, int threads, double seconds, int turns)
            throws Exception {
        WorkerFactory throughClient = number -> {
            DistributedLock lock = client.lock("bench-" + number).withLease(Duration.ofSeconds(30));
            return () -> lock.acquire().close();
        };
        WorkerFactory raw = number -> {
            RawLoop loop = new RawLoop(server.host(), server.port(), "bench-" + number);
            return new Worker() {
                @Override
                public void pair() throws IOException {
                    loop.pair();
                }

                @Override
                public void close() throws IOException {
                    loop.close();
                }
            };
        };
        double[] clients = new double[turns];
        double[] raws = new double[turns];
        double[] ratios = new double[turns];
        rate(throughClient, threads, seconds);
        rate(raw, threads, seconds);
        for (int turn = 0; turn < turns; turn++) {
            clients[turn] = rate(throughClient, threads, seconds);
            raws[turn] = rate(raw, threads, seconds);
            ratios[turn] = clients[turn] / raws[turn];
        }
        Arrays.sort(clients);
        Arrays.sort(raws);
        Arrays.sort(ratios);
        System.out.printf(
                "%8d %12.0f %12.0f %10.2f %8.2f %8.2f%n",
                threads, clients[turns / 2], raws[turns / 2], ratios[0], ratios[turns / 2], ratios[turns - 1]);
    }

    private static double rate(WorkerFactory factory, int threads, double seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> loops = new ArrayList<>();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int i = 0; i < threads; i++) {
                int number = i;
                loops.add(() -> count(factory, number, end));
            }
            long start = System.nanoTime();
            long pairs = 0;
            for (Future<Long> loop : pool.invokeAll(loops)) {
                pairs += get(loop);
            }
            return pairs / ((System.nanoTime() - start) / 1e9);
        } finally {
            pool.shutdownNow();
        }
    }

    private static long get(Future<Long> loop) throws Exception {
        try {
            return loop.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a worker failed: " + e.getCause(), e.getCause());
        }
    }

    private static long count(WorkerFactory factory, int number, long end) throws Exception {
        try (Worker worker = factory.create(number)) {
            long pairs = 0;
            while (System.nanoTime() < end) {
                worker.pair();
                pairs++;
            }
            return pairs;
        }
    }
}

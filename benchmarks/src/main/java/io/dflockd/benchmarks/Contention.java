package io.dflockd.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Several who fight for one key, each of which holds it for a while so that the others are waiting when it is released; on some keys at once, for more samples.
 *
 * @param contenders for each key
 * @param holdMillis how long it is held
 * @param keys how many there are
 * @param ways who fights, in turns; the first is what the others are compared with
 */
record Contention(int contenders, int holdMillis, int keys, List<Way> ways) {

    /** Who asked later than this before the release may not have been waiting. */
    private static final long WAITING = TimeUnit.MICROSECONDS.toNanos(1000);

    private static final double WARM_UP_SECONDS = 3;

    /** One way to acquire and release, and its name. */
    record Way(String name, HandOver.Parties parties) {}

    static void printHead() {
        System.out.printf(
                "%10s %9s  %-10s %10s %10s %8s %26s%n",
                "contenders", "hold, ms", "", "hand-overs", "median, us", "p99, us", "/raw (min median max)");
    }

    /** All ways once, for nothing. */
    void warmUp() throws Exception {
        for (Way way : ways) {
            turn(way, WARM_UP_SECONDS);
        }
    }

    /** Prints one row for each way. */
    void measure(double seconds, int turns) throws Exception {
        long[][][] samples = new long[ways.size()][turns][];
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < ways.size(); i++) {
                int way = turn % 2 == 0 ? i : ways.size() - 1 - i; // so that a drift of the machine favours nobody
                samples[way][turn] = turn(ways.get(way), seconds);
            }
        }
        for (int way = 0; way < ways.size(); way++) {
            double[] ratios = new double[turns];
            for (int turn = 0; turn < turns; turn++) {
                ratios[turn] = micros(samples[way][turn], 0.5) / micros(samples[0][turn], 0.5);
            }
            Arrays.sort(ratios);
            long[] all = Arrays.stream(samples[way])
                    .flatMapToLong(LongStream::of)
                    .sorted()
                    .toArray();
            System.out.printf(
                    "%10d %9d  %-10s %10d %10.0f %8.0f %10.2f %7.2f %7.2f%n",
                    contenders,
                    holdMillis,
                    ways.get(way).name(),
                    all.length,
                    micros(all, 0.5),
                    micros(all, 0.99),
                    ratios[0],
                    ratios[turns / 2],
                    ratios[turns - 1]);
        }
    }

    private static double micros(long[] sorted, double part) {
        return sorted[(int) (part * (sorted.length - 1))] / 1e3;
    }

    /** How long each hand-over took, sorted. */
    private long[] turn(Way way, double seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(keys * contenders);
        try {
            long end = System.nanoTime() + (long) (seconds * 1e9);
            List<Callable<List<Long>>> loops = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                String key = "handed-" + i;
                AtomicLong releasedAt = new AtomicLong(System.nanoTime());
                for (int j = 0; j < contenders; j++) {
                    loops.add(() -> fight(way, key, releasedAt, end));
                }
            }
            List<Long> samples = new ArrayList<>();
            for (Future<List<Long>> loop : pool.invokeAll(loops)) {
                samples.addAll(loop.get());
            }
            if (samples.isEmpty()) {
                throw new IllegalStateException("nobody waited for a key: let the turns take longer");
            }
            return samples.stream().mapToLong(Long::longValue).sorted().toArray();
        } finally {
            pool.shutdownNow();
        }
    }

    private List<Long> fight(Way way, String key, AtomicLong releasedAt, long end) throws Exception {
        List<Long> samples = new ArrayList<>();
        try (HandOver.Party party = way.parties().create(key)) {
            while (System.nanoTime() - end < 0) {
                long askedAt = System.nanoTime();
                party.acquire();
                long grantedAt = System.nanoTime();
                if (releasedAt.get() - askedAt > WAITING) {
                    samples.add(grantedAt - releasedAt.get());
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(holdMillis));
                releasedAt.set(System.nanoTime());
                party.release();
            }
        }
        return samples;
    }
}

package io.dflockd.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Two ways to acquire and release, in alternating turns, so that what else the machine does strikes both.
 *
 * @param seconds how long a turn takes
 * @param turns how many each has; their median counts
 */
record SideBySide(double seconds, int turns) {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_THREADS = 8;
    private static final double WARM_UP_SECONDS = 10;

    /** One worker's loop does one pair after the other. */
    interface Worker extends AutoCloseable {
        void pair() throws IOException, InterruptedException;

        @Override
        default void close() throws IOException {}
    }

    /** Makes the worker with this number. */
    interface Workers {
        Worker create(int number) throws Exception;
    }

    /** Reads {@code [SECONDS-PER-TURN [TURNS]]} from the arguments. */
    static SideBySide of(String[] args, double seconds, int turns) {
        return new SideBySide(
                args.length > 0 ? Double.parseDouble(args[0]) : seconds,
                args.length > 1 ? Integer.parseInt(args[1]) : turns);
    }

    /** What one turn has shown: pairs per second, and the time of a processor that the worker's thread took for each, in microseconds. */
    private record Turn(double rate, double cpu) {}

    /** The line above the rows. */
    static void printHead(String subject, String floor) {
        System.out.printf(
                "%7s %9s %9s %26s   %s%n",
                "threads",
                subject,
                floor,
                subject + "/" + floor + " (25 % median 75 %)",
                "CPU us: " + subject + ", " + floor);
    }

    /** One row: pairs per second with this many threads, their ratio, and what the workers' threads took for a pair. */
    void printRow(int threads, Workers subject, Workers floor) throws Exception {
        Turn[] subjects = new Turn[turns];
        Turn[] floors = new Turn[turns];
        turn(subject, threads, seconds);
        turn(floor, threads, seconds);
        for (int i = 0; i < turns; i++) {
            boolean subjectFirst = i % 2 == 0; // so that a drift of the machine favours neither
            if (subjectFirst) {
                subjects[i] = turn(subject, threads, seconds);
            }
            floors[i] = turn(floor, threads, seconds);
            if (!subjectFirst) {
                subjects[i] = turn(subject, threads, seconds);
            }
        }
        double[] ratios = sorted(i -> subjects[i].rate() / floors[i].rate());
        System.out.printf(
                "%7d %9.0f %9.0f %10.2f %7.2f %7.2f   %19.1f %6.1f%n",
                threads,
                sorted(i -> subjects[i].rate())[turns / 2],
                sorted(i -> floors[i].rate())[turns / 2],
                ratios[turns / 4],
                ratios[turns / 2],
                ratios[turns - 1 - turns / 4],
                sorted(i -> subjects[i].cpu())[turns / 2],
                sorted(i -> floors[i].cpu())[turns / 2]);
    }

    private double[] sorted(IntToDoubleFunction figure) {
        return IntStream.range(0, turns).mapToDouble(figure).sorted().toArray();
    }

    /** Until a JVM has compiled what it does, its compiler takes the cores from both. */
    static void warmUp(Workers subject, Workers floor) throws Exception {
        turn(subject, WARM_UP_THREADS, WARM_UP_SECONDS);
        turn(floor, WARM_UP_THREADS, WARM_UP_SECONDS);
    }

    private static Turn turn(Workers workers, int threads, double seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> loops = new ArrayList<>();
            AtomicLong cpu = new AtomicLong();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int i = 0; i < threads; i++) {
                int number = i;
                loops.add(() -> count(workers, number, end, cpu));
            }
            long start = System.nanoTime();
            long pairs = 0;
            for (Future<Long> loop : pool.invokeAll(loops)) {
                pairs += get(loop);
            }
            return new Turn(pairs / ((System.nanoTime() - start) / 1e9), cpu.get() / 1e3 / pairs);
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

    private static long count(Workers workers, int number, long end, AtomicLong cpu) throws Exception {
        try (Worker worker = workers.create(number)) {
            long before = THREADS.getCurrentThreadCpuTime();
            long pairs = 0;
            while (System.nanoTime() - end < 0) {
                worker.pair();
                pairs++;
            }
            cpu.addAndGet(THREADS.getCurrentThreadCpuTime() - before);
            return pairs;
        }
    }
}

package io.dflockd.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two ways to acquire and release, in alternating turns, so that what else the machine does strikes both.
 *
 * @param seconds how long a turn takes
 * @param turns how many each has; their median counts
 */
record SideBySide(double seconds, int turns) {

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

    /** The line above the rows. */
    static void printHead(String subject, String floor) {
        String ratio = subject + '/' + floor;
        System.out.printf("%8s %12s %12s %28s%n", "threads", subject, floor, ratio + " (min median max)");
    }

    /** One row: pairs per second with this many threads, and their ratio. */
    void printRow(int threads, Workers subject, Workers floor) throws Exception {
        double[] subjects = new double[turns];
        double[] floors = new double[turns];
        double[] ratios = new double[turns];
        rate(subject, threads, seconds);
        rate(floor, threads, seconds);
        for (int turn = 0; turn < turns; turn++) {
            boolean subjectFirst = turn % 2 == 0; // so that a drift of the machine favours neither
            if (subjectFirst) {
                subjects[turn] = rate(subject, threads, seconds);
            }
            floors[turn] = rate(floor, threads, seconds);
            if (!subjectFirst) {
                subjects[turn] = rate(subject, threads, seconds);
            }
            ratios[turn] = subjects[turn] / floors[turn];
        }
        Arrays.sort(subjects);
        Arrays.sort(floors);
        Arrays.sort(ratios);
        System.out.printf(
                "%8d %12.0f %12.0f %10.2f %8.2f %8.2f%n",
                threads, subjects[turns / 2], floors[turns / 2], ratios[0], ratios[turns / 2], ratios[turns - 1]);
    }

    /** Until a JVM has compiled what it does, its compiler takes the cores from both. */
    static void warmUp(Workers subject, Workers floor) throws Exception {
        rate(subject, WARM_UP_THREADS, WARM_UP_SECONDS);
        rate(floor, WARM_UP_THREADS, WARM_UP_SECONDS);
    }

    private static double rate(Workers workers, int threads, double seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Long>> loops = new ArrayList<>();
            long end = System.nanoTime() + (long) (seconds * 1e9);
            for (int i = 0; i < threads; i++) {
                int number = i;
                loops.add(() -> count(workers, number, end));
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

    private static long count(Workers workers, int number, long end) throws Exception {
        try (Worker worker = workers.create(number)) {
            long pairs = 0;
            while (System.nanoTime() < end) {
                worker.pair();
                pairs++;
            }
            return pairs;
        }
    }
}

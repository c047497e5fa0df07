package io.dflockd.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.Set;

/**
 * Starting and stopping the fake, beside a bare {@link ServerSocket}, in turns.
 *
 * <p>{@code LifeCycle [RUNS]}
 */
public final class LifeCycle {

    private static final int WARM_UP = 300;

    private LifeCycle() {}

    /** Takes one of the two once, in nanoseconds. */
    private interface Measurement {
        long of(Startable what) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        System.out.printf(
                "milliseconds, median and worst in turns, Java %s%n",
                Runtime.version().feature());
        System.out.printf("%-32s %5s %15s %15s %8s%n", "", "runs", "fake", "bare socket", "target");
        row("cold start, in a fresh JVM", runs, 50, LifeCycle::coldStart);
        // From here on, as the JVM keeps its own threads for other processes.
        Set<Thread> before = Set.copyOf(Thread.getAllStackTraces().keySet());
        warmUp();
        row("warm start", runs * 20, 2, LifeCycle::warmStart);
        row("stop, %1$d waiting, %1$d delayed".formatted(CrowdedStop.CLIENTS), runs, 5, CrowdedStop::measure);
        System.out.printf("%-32s %5s %15d %15s %8d%n", "threads left", "", threadsBeside(before), "", 0);
    }

    private static void warmUp() throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            warmStart(Startable.FAKE);
            warmStart(Startable.BARE);
        }
    }

    private static void row(String name, int runs, int target, Measurement measurement) throws Exception {
        long[] fakes = new long[runs];
        long[] bares = new long[runs];
        for (int run = 0; run < runs; run++) {
            fakes[run] = measurement.of(Startable.FAKE);
            bares[run] = measurement.of(Startable.BARE);
        }
        System.out.printf("%-32s %5d %15s %15s %8s%n", name, runs, text(fakes), text(bares), "<= " + target);
    }

    private static String text(long[] nanos) {
        Arrays.sort(nanos);
        return "%.2f %7.2f".formatted(nanos[nanos.length / 2] / 1e6, nanos[nanos.length - 1] / 1e6);
    }

    private static long coldStart(Startable what) throws IOException {
        try (OtherJvm jvm = OtherJvm.start(ColdStart.class, what.name())) {
            return Long.parseLong(jvm.line());
        }
    }

    private static long warmStart(Startable what) throws Exception {
        long start = System.nanoTime();
        AutoCloseable server = what.start();
        long took = System.nanoTime() - start;
        server.close();
        return took;
    }

    private static long threadsBeside(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .count();
    }
}

package io.dflockd.benchmarks;

import com.sun.management.ThreadMXBean;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.ServerProgram;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How many bytes of the heap an acquire with its release takes, on a warm JVM: of the calling thread, and of the client's own threads beside it.
 *
 * <p>{@code Allocation [SECONDS-PER-TURN [TURNS]]}
 */
public final class Allocation {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final double WARM_UP_SECONDS = 5;
    private static final long BUSY = 0;
    private static final long LEISURE = TimeUnit.MILLISECONDS.toNanos(20);

    private final double seconds;
    private final int turns;

    private Allocation(double seconds, int turns) {
        this.seconds = seconds;
        this.turns = turns;
    }

    public static void main(String[] args) throws Exception {
        Allocation measure = new Allocation(
                args.length > 0 ? Double.parseDouble(args[0]) : 1, args.length > 1 ? Integer.parseInt(args[1]) : 5);
        System.out.printf(
                "bytes allocated per acquire+release, one thread, %d turns of %.1f s each, Java %s%n",
                measure.turns, measure.seconds, Runtime.version().feature());
        System.out.printf("%-27s %12s %22s %16s%n", "", "pairs a turn", "caller, min med max", "background, med");
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0")) {
            ServerAddress server = fake.address();
            try (DflockdClient client = DflockdClient.connect(server.toString());
                    RawLoop raw = new RawLoop(server.host(), server.port(), "raw")) {
                DistributedLock lock = client.lock("kept").withLease(Duration.ofSeconds(30));
                DistributedLock slot = client.semaphore("slot", 4);
                measure.printRow("raw loop", raw, BUSY);
                measure.printRow("lock kept", () -> lock.acquire().close(), BUSY);
                measure.printRow(
                        "lock made for each",
                        () -> client.lock("made").acquire().close(),
                        BUSY);
                measure.printRow("slot of a semaphore", () -> slot.acquire().close(), BUSY);
                measure.printRow(
                        "lock kept, 50 a second *", () -> lock.acquire().close(), LEISURE);
            }
        }
        System.out.println(
                "* the client notes where the first 100 of a second are acquired, to report who forgets one");
    }

    /** Of a worker that pauses after each pair. */
    private void printRow(String name, SideBySide.Worker worker, long pause) throws Exception {
        for (long end = end(WARM_UP_SECONDS); System.nanoTime() - end < 0; ) {
            worker.pair();
        }
        long[] pairs = new long[turns];
        double[] caller = new double[turns];
        double[] background = new double[turns];
        for (int turn = 0; turn < turns; turn++) {
            long callerBefore = ofThisThread();
            long othersBefore = ofClientThreads();
            long ownBefore = ofThisThread() - callerBefore; // what looking at the others takes
            for (long end = end(seconds); System.nanoTime() - end < 0; pairs[turn]++) {
                worker.pair();
                if (pause > 0) {
                    LockSupport.parkNanos(pause);
                }
            }
            caller[turn] = (ofThisThread() - callerBefore - ownBefore) / (double) pairs[turn];
            background[turn] = (ofClientThreads() - othersBefore) / (double) pairs[turn];
        }
        Arrays.sort(pairs);
        Arrays.sort(caller);
        Arrays.sort(background);
        System.out.printf(
                "%-27s %12d %8.0f %6.0f %6.0f %16.1f%n",
                name, pairs[turns / 2], caller[0], caller[turns / 2], caller[turns - 1], background[turns / 2]);
    }

    private static long end(double seconds) {
        return System.nanoTime() + (long) (seconds * 1e9);
    }

    private static long ofThisThread() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private static long ofClientThreads() {
        long bytes = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("dflockd-")) {
                bytes += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getThreadId()));
            }
        }
        return bytes;
    }
}

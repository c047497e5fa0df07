package io.dflockd.chaos.workload;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What a run counts and measures. Latencies are in microseconds. */
public final class Figures {

    private static final long LONGEST = 3_600_000_000L;

    private final LongAdder ok = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final Histogram prompt = new ConcurrentHistogram(LONGEST, 3);
    private final Histogram waiting = new ConcurrentHistogram(LONGEST, 3);
    private final ConcurrentMap<String, LongAdder> faults = new ConcurrentHashMap<>();

    /** An operation was answered. {@code mayWait} if the server was asked to let it wait. */
    void answered(boolean isOk, boolean mayWait, long nanos) {
        (isOk ? ok : failed).increment();
        (mayWait ? waiting : prompt).recordValue(Math.max(0, Math.min(LONGEST, nanos / 1000)));
    }

    /** Nobody knows what became of an operation. */
    void unknown() {
        unknown.increment();
    }

    /** A fault struck. */
    public void fault(String kind) {
        faults.computeIfAbsent(kind, k -> new LongAdder()).increment();
    }

    public long ok() {
        return ok.sum();
    }

    public long failed() {
        return failed.sum();
    }

    public long unknowns() {
        return unknown.sum();
    }

    public long operations() {
        return ok() + failed() + unknowns();
    }

    /** Operations that the server answers at once: no waiting for a turn in it. */
    public Histogram prompt() {
        return prompt;
    }

    /** Operations that were allowed to wait for a turn, the wait included. */
    public Histogram waiting() {
        return waiting;
    }

    /** How often each kind of fault struck. */
    public Map<String, Long> faults() {
        Map<String, Long> counts = new TreeMap<>();
        faults.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }
}

package io.dflockd.chaos.check;

/** Arithmetic on instants and spans of time that never overflows, whatever a history says. */
final class Spans {

    static final long SECOND = 1_000_000_000L;

    /** Far in the future; never reached, and safe to add to. */
    static final long NEVER = Long.MAX_VALUE;

    private Spans() {}

    static long ofSeconds(long seconds) {
        return seconds >= NEVER / SECOND ? NEVER : seconds * SECOND;
    }

    static long plus(long instant, long span) {
        long sum = instant + span;
        return span > 0 && sum < instant ? NEVER : sum;
    }

    /**
     * The end of a lease that began at {@code from}, a thousandth early: the clocks of two machines do not run at the same rate, and no property is about a
     * millisecond of a second.
     */
    static long leaseEnd(long from, long seconds) {
        long span = ofSeconds(seconds);
        return plus(from, span - span / 1000);
    }

    static String text(long nanos) {
        return String.format(java.util.Locale.ROOT, "%.3f s", nanos / 1e9);
    }
}

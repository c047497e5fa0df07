package io.dflockd.fake.engine;

import java.time.Duration;

/** Instants in nanoseconds. Arithmetic saturates: what lies beyond the end of time is never. */
public final class Deadline {

    /** An instant that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Duration FOR_EVER = Duration.ofNanos(NEVER);

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Deadline() {}

    /** A duration, not negative, in nanoseconds; what does not fit is for ever. */
    public static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) < 0 ? duration.toNanos() : NEVER;
    }

    /** The instant {@code nanos}, not negative, after {@code now}. */
    public static long after(long now, long nanos) {
        long sum = now + nanos;
        return sum < now ? NEVER : sum;
    }

    /** The instant {@code seconds} after {@code now}. Only V0 takes more than 9,223,372,036 of them (PROTOCOL.md section 1). */
    static long afterSeconds(long now, long seconds) {
        return seconds > NEVER / NANOS_PER_SECOND ? NEVER : after(now, seconds * NANOS_PER_SECOND);
    }

    /** The first of the instants {@code start + n * interval} that is not before {@code instant}. */
    static long tick(long start, long interval, long instant) {
        long behind = Math.floorMod(start - instant, interval);
        return after(instant, behind);
    }
}

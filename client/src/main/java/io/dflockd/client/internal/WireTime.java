package io.dflockd.client.internal;

import java.time.Duration;
import java.util.Objects;

/** Times as the wire and the clock want them: whole seconds rounded up, nanoseconds that never overflow (DESIGN rule 10). */
public final class WireTime {

    /** About 31 years. Servers overflow above 9,223,372,036 seconds (PROTOCOL.md section 1); nobody will notice the difference. */
    public static final long MAX_SECONDS = 1_000_000_000;

    /** About 73 years: so little that a deadline can be told from the past whatever the clock shows. */
    public static final long MAX_NANOS = Long.MAX_VALUE / 4;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private WireTime() {}

    /** Whole seconds, rounded up, at most {@link #MAX_SECONDS}. */
    public static long seconds(Duration duration) {
        long seconds = Math.min(duration.toSeconds(), MAX_SECONDS);
        return Math.min(duration.toNanosPart() > 0 ? seconds + 1 : seconds, MAX_SECONDS);
    }

    /** Whole seconds, rounded up, of a positive number of nanoseconds. */
    static long secondsOfNanos(long nanos) {
        return Math.min(nanos / NANOS_PER_SECOND + (nanos % NANOS_PER_SECOND > 0 ? 1 : 0), MAX_SECONDS);
    }

    /** Nanoseconds of a duration that is not negative, at most {@link #MAX_NANOS}. */
    public static long nanos(Duration duration) {
        if (duration.toSeconds() > MAX_SECONDS) {
            return MAX_NANOS;
        }
        return Math.min(duration.toNanos(), MAX_NANOS);
    }

    /** Nanoseconds of whole seconds, at most {@link #MAX_NANOS} and at least zero. */
    public static long nanosOfSeconds(long seconds) {
        return seconds > MAX_NANOS / NANOS_PER_SECOND ? MAX_NANOS : Math.max(0, seconds) * NANOS_PER_SECOND;
    }

    /** The earlier of two instants of a clock like {@link System#nanoTime}, of which only differences mean anything. */
    static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }

    /** The duration again, once it is known not to be negative. */
    public static Duration requireNotNegative(Duration duration, String what) {
        Objects.requireNonNull(duration, what);
        if (duration.isNegative()) {
            throw new IllegalArgumentException(what + " is negative: " + duration);
        }
        return duration;
    }

    /** The duration again, once it is known to be more than nothing. */
    public static Duration requirePositive(Duration duration, String what) {
        Objects.requireNonNull(duration, what);
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " must be more than zero, but is " + duration);
        }
        return duration;
    }
}

package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.TimerQueue;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** The time of one server: its clock, the jumps that it made, and whether the server stands still. Used under the driver's lock, but for {@link #nanos}. */
final class ServerTime implements LongSupplier {

    private static final long NOT_FROZEN = Long.MIN_VALUE;

    private final TimeSource clock;
    private volatile long skew;
    private long frozenUntil = NOT_FROZEN;

    ServerTime(TimeSource clock) {
        this.clock = clock;
    }

    long nanos() {
        return Deadline.after(clock.nanos(), skew);
    }

    @Override
    public long getAsLong() {
        return nanos();
    }

    /** The clock jumps ahead. */
    void jump(long nanos) {
        skew = Deadline.after(skew, nanos);
    }

    /** From now on nothing happens until this instant, or a {@link #thaw}. */
    void freeze(long until) {
        frozenUntil = until;
    }

    void thaw() {
        frozenUntil = NOT_FROZEN;
    }

    /** Whether the server stands still at this instant. */
    boolean isFrozen(long now) {
        if (frozenUntil != NOT_FROZEN && now >= frozenUntil) {
            thaw();
        }
        return frozenUntil != NOT_FROZEN;
    }

    /** When there is something to do, if ever. */
    OptionalLong nextDeadline(TimerQueue timers) {
        if (frozenUntil == NOT_FROZEN) {
            return timers.nextDeadline();
        }
        return frozenUntil == Deadline.NEVER ? OptionalLong.empty() : OptionalLong.of(frozenUntil);
    }

    /**
     * Moves a manual clock to an instant of the server's time, never back.
     *
     * @throws IllegalStateException if the clock is not a manual one
     */
    void moveTo(long instant) {
        ManualTime time = manual();
        time.moveTo(Math.max(instant - skew, time.nanos()));
    }

    /** What a manual clock will show so long from now. Unlike the server's time it knows nothing of jumps, past or still to come. */
    long after(long nanos) {
        return Deadline.after(manual().nanos(), nanos);
    }

    /** Whether this instant of the server's time has come when the manual clock shows that. */
    boolean isBy(long instant, long shown) {
        return instant - skew <= shown;
    }

    /** Lets the manual clock show this. */
    void end(long shown) {
        manual().moveTo(shown);
    }

    private ManualTime manual() {
        if (clock instanceof ManualTime time) {
            return time;
        }
        throw new IllegalStateException("this server runs on the system clock; start it with a manual one");
    }

    /** As it was at the start; a manual clock at 0. */
    void reset() {
        skew = 0;
        thaw();
        if (clock instanceof ManualTime time) {
            time.moveTo(0);
        }
    }
}

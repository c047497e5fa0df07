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

    /** Moves a manual clock by this much, and runs what falls due on the way. How far it goes, it goes by the clock, which knows nothing of jumps on the way. */
    void advance(long nanos, EngineDriver driver) {
        long end = Deadline.after(manual().nanos(), nanos);
        OptionalLong next = driver.nextDeadline();
        while (next.isPresent() && next.getAsLong() - skew <= end) {
            moveTo(next.getAsLong());
            driver.runDue();
            next = driver.nextDeadline();
        }
        manual().moveTo(end);
    }

    /** Moves a manual clock until the server's time is this instant, and runs what falls due on the way. */
    void advanceTo(long instant, EngineDriver driver) {
        manual();
        if (instant < nanos()) {
            throw new IllegalArgumentException("time does not go back: it is " + nanos() + " ns already, and not "
                    + instant + "; name a later instant, or use advance for a duration from now");
        }
        OptionalLong next = driver.nextDeadline();
        while (next.isPresent() && next.getAsLong() <= instant) {
            moveTo(next.getAsLong());
            driver.runDue();
            next = driver.nextDeadline();
        }
        moveTo(instant);
    }

    /** Moves a manual clock to an instant of the server's time, never back. */
    private void moveTo(long instant) {
        ManualTime time = manual();
        time.moveTo(Math.max(instant - skew, time.nanos()));
    }

    /** {@link IllegalStateException} if the clock is not a manual one. */
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

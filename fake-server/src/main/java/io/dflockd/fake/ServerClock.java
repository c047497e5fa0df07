package io.dflockd.fake;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.SocketLoop;
import java.time.Duration;

/** The one clock of a server: leases, sweeps, waits, read timeouts and injected delays all go by it. */
public final class ServerClock {

    private final EngineDriver driver;
    private final SocketLoop loop;

    ServerClock(EngineDriver driver, SocketLoop loop) {
        this.driver = driver;
        this.loop = loop;
    }

    /** The time on the clock: nanoseconds since the server's start with a manual clock, since any fixed instant with the system's. */
    public long nanos() {
        return driver.nanos();
    }

    /**
     * Moves the clock. Everything that falls due on the way happens at its own instant, in the order of deadlines, and the replies are written before this returns.
     *
     * @throws IllegalStateException if the server does not run on a manual clock ({@link FakeOptions#withManualClock}), or a sink of events calls this
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        loop.outside(() -> driver.advance(duration));
    }

    /**
     * Moves the clock as {@link #advance} does, until it shows this: to an event's instant or a lease's deadline, for example. A fault on the way that lets it jump
     * may bring it further.
     *
     * @param nanos as {@link #nanos} tells it: since the server's start
     * @throws IllegalStateException as for {@link #advance}
     * @throws IllegalArgumentException if that instant is over: time does not go back
     */
    public void advanceTo(long nanos) {
        loop.outside(() -> driver.advanceTo(nanos));
    }

    /**
     * The clock jumps ahead, and everything that falls due on the way happens at once, at the instant after the jump. Also on the system clock: the model of a
     * client that was paused.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void jump(Duration ahead) {
        checkNotNegative(ahead);
        loop.outside(() -> driver.tampering().jump(ahead));
    }

    /**
     * The whole server stands still for this long, as in a long garbage collection: connections are accepted and bytes taken by the machine, but nothing is
     * looked at and nothing falls due. The clock goes on; at the end, or at {@link #thaw}, everything happens that was due.
     *
     * @throws IllegalArgumentException if the duration is negative
     */
    public void freeze(Duration duration) {
        checkNotNegative(duration);
        loop.outside(() -> driver.tampering().freeze(duration));
    }

    /** Ends a {@link #freeze} now. */
    public void thaw() {
        loop.outside(driver.tampering()::thaw);
    }

    static void checkNotNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
    }
}

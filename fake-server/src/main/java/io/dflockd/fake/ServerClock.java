package io.dflockd.fake;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.SocketLoop;
import io.dflockd.fake.server.TimeSource;
import java.time.Duration;

/** The one clock of a server: leases, sweeps, waits, read timeouts and injected delays all go by it. */
public final class ServerClock {

    private final EngineDriver driver;
    private final TimeSource time;
    private final SocketLoop loop;

    ServerClock(EngineDriver driver, TimeSource time, SocketLoop loop) {
        this.driver = driver;
        this.time = time;
        this.loop = loop;
    }

    /** The time on the clock: nanoseconds since the server's start with a manual clock, since any fixed instant with the system's. */
    public long nanos() {
        return time.nanos();
    }

    /**
     * Moves the clock. Everything that falls due on the way happens at its own instant, in the order of deadlines, and the replies are written before this returns.
     *
     * @throws IllegalStateException if the server does not run on a manual clock ({@link FakeOptions#withManualClock})
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        loop.outside(() -> driver.advance(duration));
    }
}

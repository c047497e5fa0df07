package io.dflockd.fake.server;

/** A clock that stands still until it is told to move. Starts at 0. */
public final class ManualTime implements TimeSource {

    private volatile long nanos;

    @Override
    public long nanos() {
        return nanos;
    }

    /** Only the driver moves it, together with everything that falls due ({@link EngineDriver#advance}). */
    void moveTo(long instant) {
        nanos = instant;
    }
}

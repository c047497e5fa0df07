package io.dflockd.fake.server;

/** The one clock of a server. */
@FunctionalInterface
public interface TimeSource {

    /** The machine's monotonic clock. */
    TimeSource SYSTEM = new TimeSource() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };

    /** Nanoseconds since any fixed instant; never goes back. */
    long nanos();
}

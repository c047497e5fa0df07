package io.dflockd.fake.engine;

import org.jspecify.annotations.Nullable;

/** A place in the queue of a key: of an acquire that blocks, or of an enqueue, which blocks only while it is awaited. */
final class Waiter implements Entry {

    final long place;
    final ConnectionState connection;
    final KeyState key;
    final long leaseSeconds;

    /** Whether its connection waits for a reply now. */
    boolean blocked;

    /** Ends the blocking. */
    TimerQueue.@Nullable Timer timeout;

    Waiter(long place, ConnectionState connection, KeyState key, long leaseSeconds) {
        this.place = place;
        this.connection = connection;
        this.key = key;
        this.leaseSeconds = leaseSeconds;
    }
}

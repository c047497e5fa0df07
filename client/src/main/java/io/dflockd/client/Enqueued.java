package io.dflockd.client;

import java.time.Duration;
import java.util.Optional;

/**
 * A place in a key's queue, taken before it is waited for: the first of two phases.
 *
 * <p>The place is kept alive in the background until {@link #await} or {@link #close}. When its turn comes the lease runs from that moment, so a place should not be
 * left alone for longer than a lease.
 */
public interface Enqueued extends AutoCloseable {

    /** What has become of the place, as far as the client knows. */
    enum Status {
        /** The slot is ours: {@link Enqueued#await} returns it at once. */
        ACQUIRED,
        /** In the queue. The turn may already have come; only {@link Enqueued#await} finds out. */
        QUEUED,
        /** The place or the slot is gone. */
        LOST
    }

    String key();

    Status status();

    /**
     * Waits for the turn. The lease that it returns owns the slot from then on; closing this place afterwards does nothing.
     *
     * @param timeout how long to wait at most; zero asks without waiting
     * @return empty if the turn did not come in time, which gives up the place, or was lost
     * @throws InterruptedException if the thread is interrupted; the place is given up
     * @throws IllegalStateException if it was awaited before
     * @throws ConnectionException if the connection broke; the place is gone
     */
    Optional<Lease> await(Duration timeout) throws InterruptedException;

    /** Gives up the place, or the slot if it was granted and not fetched. Idempotent, throws nothing. */
    @Override
    void close();
}

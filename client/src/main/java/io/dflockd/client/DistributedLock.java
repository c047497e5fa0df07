package io.dflockd.client;

import io.dflockd.client.internal.LockOptions;
import io.dflockd.client.internal.Shards;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock, or one slot of a semaphore, that can be acquired: a key and how to acquire it. Immutable, may be kept and shared; holds nothing itself.
 *
 * <p>Not reentrant: who holds a key and acquires it again waits for himself (PROTOCOL.md section 2).
 */
public final class DistributedLock {

    private final Shards shards;
    private final LockOptions options;

    DistributedLock(Shards shards, LockOptions options) {
        this.shards = shards;
        this.options = options;
    }

    public String key() {
        return options.key().text();
    }

    /**
     * With another lease; the server's default when this is never said.
     *
     * @param lease more than zero; rounded up to whole seconds
     */
    public DistributedLock withLease(Duration lease) {
        return new DistributedLock(shards, options.withLease(lease));
    }

    /** With another time that {@link #acquire} waits at most; zero or more. */
    public DistributedLock withAcquireTimeout(Duration timeout) {
        return new DistributedLock(shards, options.withAcquireTimeout(timeout));
    }

    /** With another part of the lease, between 0 and 1, after which it is renewed. A long lease is renewed more often anyway, to keep its connection. */
    public DistributedLock withRenewRatio(double ratio) {
        return new DistributedLock(shards, options.withRenewRatio(ratio));
    }

    /** Without renewal in the background: the lease ends when it is over, unless {@link Lease#renew} is called. */
    public DistributedLock withoutRenewal() {
        return new DistributedLock(shards, options.withoutRenewal());
    }

    /**
     * With a longest hold: after it the lease is lost with {@link LeaseLost.Reason#EXPIRED}, however well it was renewed, and the slot is freed. For work that must
     * not keep others waiting for ever when it hangs. No limit when this is never said.
     *
     * @param longest more than zero; counted as the lease is, from when the request was sent that granted the slot, or confirmed the grant if it came after a wait
     */
    public DistributedLock withMaxHold(Duration longest) {
        return new DistributedLock(shards, options.withMaxHold(longest));
    }

    /**
     * Acquires, and waits for it no longer than the acquire timeout (10 s unless said otherwise).
     *
     * @throws AcquireTimeoutException if it was not granted in time
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; nothing is held
     * @throws InterruptedException if the thread is interrupted; nothing is held
     */
    public Lease acquire() throws InterruptedException {
        return shards.acquireOrThrow(options);
    }

    /**
     * Acquires if it is granted within {@code timeout}.
     *
     * @param timeout how long to wait at most, connecting included; zero takes the slot only if it is free now
     * @return empty if it was not granted in time
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; nothing is held
     * @throws InterruptedException if the thread is interrupted; nothing is held
     */
    public Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException {
        return shards.acquire(options, timeout);
    }

    /**
     * Takes a place in the queue, or the slot itself if it is free, without waiting for a turn.
     *
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; no place is held
     * @throws InterruptedException if the thread is interrupted; no place is held
     */
    public Enqueued enqueue() throws InterruptedException {
        return shards.enqueue(options);
    }

    @Override
    public String toString() {
        return options.limit() == 0
                ? "DistributedLock[" + key() + "]"
                : "DistributedLock[" + key() + ", limit " + options.limit() + "]";
    }
}

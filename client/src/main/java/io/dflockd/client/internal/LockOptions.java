package io.dflockd.client.internal;

import java.time.Duration;

/**
 * What is to be acquired and how.
 *
 * @param limit how many slots a semaphore has; zero means a lock
 * @param leaseSeconds whole seconds, or {@link #DEFAULT_LEASE}
 * @param renewRatio the part of the lease after which it is renewed
 * @param renewal whether it is renewed in the background at all
 * @param maxHold nanoseconds after which it is given up, renewed or not; {@link WireTime#MAX_NANOS} for never
 */
public record LockOptions(
        WireKey key,
        int limit,
        long leaseSeconds,
        Duration acquireTimeout,
        double renewRatio,
        boolean renewal,
        long maxHold) {

    /** The server's own default lease. */
    public static final long DEFAULT_LEASE = RequestWriter.DEFAULT_LEASE;

    static final String ACQUIRE_SLOT = "acquire slot of";
    static final String ENQUEUE_SLOT = "enqueue for slot of";

    public LockOptions withKey(WireKey newKey, int newLimit) {
        return new LockOptions(newKey, newLimit, leaseSeconds, acquireTimeout, renewRatio, renewal, maxHold);
    }

    /** Any positive duration; rounded up to whole seconds. */
    public LockOptions withLease(Duration lease) {
        long seconds = WireTime.seconds(WireTime.requirePositive(lease, "the lease"));
        return new LockOptions(key, limit, seconds, acquireTimeout, renewRatio, renewal, maxHold);
    }

    public LockOptions withAcquireTimeout(Duration timeout) {
        WireTime.requireNotNegative(timeout, "the acquire timeout");
        return new LockOptions(key, limit, leaseSeconds, timeout, renewRatio, renewal, maxHold);
    }

    /** More than 0, less than 1. */
    public LockOptions withRenewRatio(double ratio) {
        if (!(ratio > 0 && ratio < 1)) {
            throw new IllegalArgumentException("the renew ratio must be between 0 and 1, but is " + ratio);
        }
        return new LockOptions(key, limit, leaseSeconds, acquireTimeout, ratio, renewal, maxHold);
    }

    public LockOptions withoutRenewal() {
        return new LockOptions(key, limit, leaseSeconds, acquireTimeout, renewRatio, false, maxHold);
    }

    /** Any positive duration. */
    public LockOptions withMaxHold(Duration longest) {
        long nanos = WireTime.nanos(WireTime.requirePositive(longest, "the longest hold"));
        return new LockOptions(key, limit, leaseSeconds, acquireTimeout, renewRatio, renewal, nanos);
    }

    /** For messages. */
    String acquirePhase() {
        return limit == 0 ? Command.ACQUIRE.phase() : ACQUIRE_SLOT;
    }

    /** For messages. */
    String enqueuePhase() {
        return limit == 0 ? Command.ENQUEUE.phase() : ENQUEUE_SLOT;
    }

    /** The lease to count on: the one asked for, unless the server says less. */
    long countedSeconds(long answered) {
        return Math.min(answered, leaseSeconds == DEFAULT_LEASE ? WireTime.MAX_SECONDS : leaseSeconds);
    }

    RequestWriter writer() {
        return limit == 0 ? RequestWriter.LOCK : RequestWriter.SEMAPHORE;
    }
}

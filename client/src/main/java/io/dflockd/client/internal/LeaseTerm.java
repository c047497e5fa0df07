package io.dflockd.client.internal;

/**
 * How long a lease lasts, on the runtime's clock; every time is counted from when a request was sent (DESIGN rule 1). Changed only by who has the connection's turn.
 *
 * <p>Where servers release on disconnect it ends in two ways: when what was granted is over, and when the server has heard nothing for so long that it may have closed the
 * connection.
 */
final class LeaseTerm {

    private final long begin;
    private final long lastMoment;
    private final long readTimeout;
    private volatile long grant;
    private volatile long grantedUntil;
    private volatile long heardUntil;

    /**
     * Of a grant.
     *
     * @param begin when the request that was granted was sent
     * @param grant what was granted, in nanoseconds
     */
    LeaseTerm(ClientOptions options, LockOptions lock, long begin, long grant) {
        this.begin = begin;
        this.lastMoment = begin + lock.maxHold();
        this.readTimeout = options.autoRelease() ? options.readTimeout() : WireTime.MAX_NANOS;
        this.grant = grant;
        this.grantedUntil = begin + grant;
        heard(begin);
    }

    long begin() {
        return begin;
    }

    /** Notes that the server has answered what was sent then: whatever it said, its time for a silent connection began anew. */
    void heard(long sentAt) {
        heardUntil = sentAt + readTimeout;
    }

    /**
     * Notes a new grant.
     *
     * @return whether it ends earlier than the one before
     */
    boolean extend(long sentAt, long nanos) {
        long before = grantedUntil;
        grant = nanos;
        grantedUntil = sentAt + nanos;
        return grantedUntil - before < 0;
    }

    /** How much the server granted the last time, in nanoseconds. */
    long grant() {
        return grant;
    }

    /** Until when the server has granted it, which may be longer than it may be held. */
    long grantedUntil() {
        return grantedUntil;
    }

    /** The last moment that it may be held, however often it is renewed. */
    long lastMoment() {
        return lastMoment;
    }

    /** The end of what was granted, or of the longest hold. */
    long deadline() {
        return WireTime.earlier(grantedUntil, lastMoment);
    }

    /** Until when it is certain to be held if nothing more is heard. */
    long certainUntil() {
        return WireTime.earlier(deadline(), heardUntil);
    }
}

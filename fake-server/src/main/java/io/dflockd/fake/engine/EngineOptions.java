package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Profile;

/**
 * What the engine has to know; the real server's defaults are in {@link #DEFAULTS}.
 *
 * @param start the instant from which sweeps and clean-ups are counted, nanoseconds
 * @param defaultLeaseSeconds the lease where a request names none, at least 1
 * @param sweepInterval how often expired leases are looked for, nanoseconds, positive
 * @param gcInterval how often idle keys are looked for, nanoseconds, positive
 * @param gcMaxIdle how long an idle key is remembered at least, nanoseconds
 * @param maxLocks how many keys may be known, idle ones too
 * @param maxWaiters how many may wait for one key, blocked and queued together; 0: any number
 * @param autoRelease whether a closed connection frees what it holds and leaves its queues
 * @param profile which line of servers it is like
 */
public record EngineOptions(
        long start,
        long defaultLeaseSeconds,
        long sweepInterval,
        long gcInterval,
        long gcMaxIdle,
        int maxLocks,
        int maxWaiters,
        boolean autoRelease,
        Profile profile) {

    /** As a server that is started without flags, at time 0 (PROTOCOL.md section 6). */
    public static final EngineOptions DEFAULTS =
            new EngineOptions(0, 33, 1_000_000_000L, 5_000_000_000L, 60_000_000_000L, 1024, 0, true);

    /** Options of a server like V1. */
    public EngineOptions(
            long start,
            long defaultLeaseSeconds,
            long sweepInterval,
            long gcInterval,
            long gcMaxIdle,
            int maxLocks,
            int maxWaiters,
            boolean autoRelease) {
        this(
                start,
                defaultLeaseSeconds,
                sweepInterval,
                gcInterval,
                gcMaxIdle,
                maxLocks,
                maxWaiters,
                autoRelease,
                Profile.V1);
    }
}

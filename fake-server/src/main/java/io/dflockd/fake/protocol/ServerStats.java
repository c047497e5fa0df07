package io.dflockd.fake.protocol;

import java.util.List;

/** What {@code stats} tells (PROTOCOL.md section 5). A semaphore with limit 1 is a lock. */
public record ServerStats(
        int connections,
        List<HeldLock> locks,
        List<HeldSemaphore> semaphores,
        List<IdleKey> idleLocks,
        List<IdleKey> idleSemaphores) {

    /** A key with limit 1 that is held; {@code nanosLeft} until the lease is over. */
    public record HeldLock(Key key, long owner, long nanosLeft, int waiters) {}

    /** A key with a greater limit that is held. */
    public record HeldSemaphore(Key key, long limit, int holders, int waiters) {}

    /** A key that nobody holds, for {@code nanosIdle} now. */
    public record IdleKey(Key key, long nanosIdle) {}
}

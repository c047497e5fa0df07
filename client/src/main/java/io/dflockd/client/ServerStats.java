package io.dflockd.client;

import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.List;

/**
 * What one server says of itself at one moment (PROTOCOL.md section 5). What newer servers tell beyond that is left out; {@link DflockdConnection#stats} has all of it.
 *
 * @param server which server
 * @param connections how many are open, the one that asked included
 * @param locks keys that are held or waited for, in no order; semaphores with limit 1 are among them, to servers they are locks
 * @param semaphores the same, with limits above 1
 * @param idleLocks keys that the server still knows, though nobody holds or waits
 * @param idleSemaphores the same, of semaphores
 */
public record ServerStats(
        ServerAddress server,
        long connections,
        List<LockStats> locks,
        List<SemaphoreStats> semaphores,
        List<IdleStats> idleLocks,
        List<IdleStats> idleSemaphores) {

    /**
     * A lock that is held or waited for.
     *
     * @param key bytes that are no UTF-8 show as U+FFFD
     * @param ownerConnection the server's number of the connection that holds it; 0 if it is only waited for
     * @param leaseExpiresIn until the lease is over
     * @param waiters how many wait for it
     */
    public record LockStats(String key, long ownerConnection, Duration leaseExpiresIn, long waiters) {}

    /**
     * A semaphore that is held or waited for.
     *
     * @param key bytes that are no UTF-8 show as U+FFFD
     * @param limit how many may hold a slot at once
     * @param holders how many do
     * @param waiters how many wait for a slot
     */
    public record SemaphoreStats(String key, long limit, long holders, long waiters) {}

    /**
     * A key that nobody holds or waits for.
     *
     * @param key bytes that are no UTF-8 show as U+FFFD
     * @param idle for how long
     */
    public record IdleStats(String key, Duration idle) {}

    public ServerStats {
        locks = List.copyOf(locks);
        semaphores = List.copyOf(semaphores);
        idleLocks = List.copyOf(idleLocks);
        idleSemaphores = List.copyOf(idleSemaphores);
    }
}

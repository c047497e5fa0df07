package io.dflockd.client.internal;

import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.DflockdException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;

/**
 * One acquire, from the request for a connection to the lease, within its time.
 *
 * <p>It leaves nothing held behind: whatever ends it early also ends what it asked for (DESIGN rule 6).
 */
final class Acquisition {

    private final Shard shard;
    private final LockOptions lock;
    private final Attempt attempt;
    private final GrantWait wait;

    Acquisition(Shard shard, LockOptions lock, Duration timeout) {
        this.shard = shard;
        this.lock = lock;
        this.attempt = shard.attempt(lock.acquirePhase(), lock.key());
        this.wait = new GrantWait(shard, lock, timeout, attempt.startedAt());
    }

    /** Empty if it was not granted in time. */
    Optional<HeldLease> acquire() throws InterruptedException {
        Optional<HeldLease> lease;
        try {
            lease = acquireInTime();
        } catch (DflockdException e) {
            shard.observer().acquireFailed(lock.key().text(), attempt.startedAt(), e);
            throw e;
        }
        if (lease.isEmpty()) {
            shard.observer().notAcquired(lock.key().text(), attempt.startedAt());
        }
        return lease;
    }

    private Optional<HeldLease> acquireInTime() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before acquire of '" + lock.key() + "'");
        }
        boolean mayReuse = true;
        while (true) {
            Optional<Connection> connection = connect(mayReuse);
            if (connection.isEmpty()) {
                return Optional.empty();
            }
            GrantOutcome outcome = on(connection.get());
            if (outcome instanceof GrantOutcome.Granted granted) {
                return Optional.of(granted.lease());
            }
            wait.giveBack(connection.get());
            if (outcome instanceof GrantOutcome.NotInTime) {
                return Optional.empty();
            }
            if (outcome instanceof GrantOutcome.Refused refused) {
                throw attempt.rejected(refused.reply(), shard.now());
            }
            mayReuse = !(outcome instanceof GrantOutcome.Stale);
        }
    }

    AcquireTimeoutException timedOut() {
        return attempt.timedOut(shard.now());
    }

    private GrantOutcome on(Connection connection) throws InterruptedException {
        try {
            long seconds = wait.secondsLeft();
            return wait.on(connection, lock.writer().acquire(lock.key(), seconds, lock.limit(), lock.leaseSeconds()));
        } catch (ClosedByInterruptException e) {
            throw attempt.interrupted();
        } catch (IOException e) {
            if (connection.isStale() && !shard.pool().isClosed()) {
                return new GrantOutcome.Stale();
            }
            throw attempt.broke(e, shard.now());
        }
    }

    /** Empty if the time was over before there was a connection. */
    private Optional<Connection> connect(boolean mayReuse) throws InterruptedException {
        long left = wait.timeLeft();
        if (left <= 0) {
            return Optional.empty();
        }
        long limit = Math.min(left, shard.options().connectTimeout());
        try {
            return Optional.of(
                    mayReuse ? shard.pool().take(limit) : shard.pool().fresh(limit));
        } catch (ClosedByInterruptException e) {
            throw attempt.interrupted();
        } catch (SocketTimeoutException e) {
            if (wait.timeLeft() <= 0) {
                return Optional.empty();
            }
            throw attempt.broke(e, shard.now());
        } catch (IOException e) {
            throw attempt.broke(e, shard.now());
        }
    }
}

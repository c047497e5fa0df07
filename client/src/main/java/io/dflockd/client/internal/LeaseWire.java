package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a lease says to its server, and the connection it says it on, which is nobody else's as long as the lease is held.
 *
 * <p>Where servers do not release on disconnect, a connection that broke is replaced by another one; the turn moves with the lease.
 */
final class LeaseWire {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseWire.class);
    private static final int FENCE_DIGITS = 16;

    private final Shard shard;
    private final LockOptions lock;
    private final String token;
    private final long leaseSeconds;
    private volatile Connection connection;

    LeaseWire(Shard shard, LockOptions lock, Connection connection, String token, long leaseSeconds) {
        this.shard = shard;
        this.lock = lock;
        this.connection = connection;
        this.token = token;
        this.leaseSeconds = leaseSeconds;
    }

    String token() {
        return token;
    }

    /** What the token begins with on servers that have fences (PROTOCOL.md section 2). */
    OptionalLong fencingToken() {
        return shard.options().fences()
                ? OptionalLong.of(Long.parseUnsignedLong(token, 0, FENCE_DIGITS, 16))
                : OptionalLong.empty();
    }

    long leaseSeconds() {
        return leaseSeconds;
    }

    Connection connection() {
        return connection;
    }

    Turn turn() {
        return connection.turn();
    }

    /** Waits for the turn until {@code limit}; an interrupt is only taken note of. */
    boolean takeTurn(long limit, InterruptShield shield) {
        Turn turn = turn();
        if (turn.tryLock()) {
            return true;
        }
        while (true) {
            try {
                return turn.tryLock(limit - shard.now(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                shield.interrupted();
            }
        }
    }

    /** Gives the slot back when nobody can keep it. Nobody else has the connection; it is closed. */
    void abandon() {
        try {
            if (!shard.options().autoRelease()) {
                connection.exchange(
                        lock.writer().release(lock.key(), token),
                        shard.now() + shard.options().responseTimeout());
            }
        } catch (IOException e) {
            LOG.debug(
                    "the slot of '{}' at {} stays taken until its lease ends: {}",
                    lock.key(),
                    shard.server(),
                    e.toString());
        } finally {
            connection.close();
        }
    }

    /** Has the slot freed in the background, where closing the connection does not. */
    void freeLater() {
        shard.free(lock, token, leaseSeconds);
    }

    /** Asks for the whole lease again. The caller has the turn. */
    Reply renew(long limit) throws IOException {
        return connection.exchange(lock.writer().renew(lock.key(), token, leaseSeconds), limit);
    }

    /** Sends something that is refused, so that the server hears of the connection. The caller has the turn. */
    void keepAlive(long limit) throws IOException {
        connection.exchange(lock.writer().keepalive(lock.key()), limit);
    }

    /**
     * Puts another connection in the place of one that broke, where that does not end the lease. The caller does not have the turn.
     *
     * @param needed whether somebody still holds the lease, or releases it
     * @return whether it did
     * @throws IOException if there is none to be had until {@code limit}
     */
    boolean mend(long limit, InterruptShield shield, BooleanSupplier needed) throws IOException {
        Connection broken = connection;
        if (shard.options().autoRelease() || !broken.isClosed()) {
            return false;
        }
        Connection next = shard.pool().fresh(Math.max(1, limit - shard.now()));
        if (!takeTurn(limit, shield)) {
            next.close();
            throw new SocketTimeoutException("somebody else has the turn");
        }
        Turn turn = turn();
        try {
            if (connection == broken && needed.getAsBoolean()) {
                next.continueTurn(turn);
                connection = next;
                if (!needed.getAsBoolean()) {
                    next.close(); // whoever ended it meanwhile may have closed the broken one
                }
                return true;
            }
        } finally {
            turn.unlock();
        }
        shard.pool().put(next); // somebody else was first
        return false;
    }

    /** Gives the slot back and the connection to the pool; tells what the server said. Nobody renews any more. */
    Reply release(long limit, InterruptShield shield, LeaseRenewal guard) throws IOException {
        for (boolean again = false; ; again = true) {
            try {
                mend(limit, shield, () -> true);
                return releaseOnce(limit, shield, guard);
            } catch (IOException e) {
                shield.setAside();
                if (again || shard.options().autoRelease() || limit - shard.now() <= 0) {
                    throw e;
                }
            }
        }
    }

    private Reply releaseOnce(long limit, InterruptShield shield, LeaseRenewal guard) throws IOException {
        if (!takeTurn(limit, shield)) {
            connection.close();
            throw new IOException("a renewal waits for its answer; the connection is closed now");
        }
        Connection used = connection;
        Reply reply;
        try {
            reply = exchangeRelease(used, limit, guard);
        } finally {
            used.turn().unlock();
        }
        shard.pool().putAfterRelease(used, reply);
        return reply;
    }

    /** A read with a time limit costs twice the system calls of one without; and whoever gives up a release closes the connection anyway. */
    private Reply exchangeRelease(Connection used, long limit, LeaseRenewal guard) throws IOException {
        Request request = lock.writer().release(lock.key(), token);
        if (!guard.guard(used, limit)) {
            return used.exchange(request, limit);
        }
        try {
            return used.exchange(request, limit + WireTime.MAX_NANOS);
        } catch (IOException e) {
            throw guard.isArmed() ? e : new SocketTimeoutException("closed by the guard");
        } finally {
            if (!guard.disarm()) {
                used.close(); // so that it is not in the pool when the guard closes it
            }
        }
    }
}

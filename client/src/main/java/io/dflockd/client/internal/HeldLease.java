package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLost.Reason;
import io.dflockd.client.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease and the connection it was granted on, which is nobody else's as long as it is held.
 *
 * <p>Its phase leaves HELD once, by compare-and-set, whoever comes first: then it is released or lost for good. The deadline is written only by who has the
 * connection's turn.
 */
final class HeldLease implements Lease {

    private enum Phase {
        HELD,
        RELEASED,
        EXPIRED,
        REFUSED,
        CONNECTION_LOST,
        CLIENT_CLOSED
    }

    private static final Logger LOG = LoggerFactory.getLogger(HeldLease.class);

    private static final AtomicReferenceFieldUpdater<HeldLease, Phase> PHASE =
            AtomicReferenceFieldUpdater.newUpdater(HeldLease.class, Phase.class, "phase");

    private final Shard shard;
    private final LockOptions lock;
    private final Connection connection;
    private final String token;
    private final long leaseSeconds;
    private final LeaseRenewal renewal;
    private final LossListeners listeners = new LossListeners();
    private volatile Phase phase = Phase.HELD;
    private volatile long deadline;

    private HeldLease(Shard shard, LockOptions lock, Connection connection, String token, long leaseSeconds) {
        this.shard = shard;
        this.lock = lock;
        this.connection = connection;
        this.token = token;
        this.leaseSeconds = leaseSeconds;
        this.deadline = connection.sentAt() + WireTime.nanosOfSeconds(leaseSeconds);
        this.renewal = new LeaseRenewal(this, shard, lock);
    }

    /**
     * Makes a lease of a grant, counted from when the last request on the connection was sent, and begins to renew it.
     *
     * @param answered the lease that the server named
     * @return empty if the client was closed meanwhile; then the connection is closed too
     */
    static Optional<HeldLease> begin(
            Shard shard, LockOptions lock, Connection connection, String token, long answered) {
        HeldLease lease = new HeldLease(shard, lock, connection, token, seconds(lock, answered));
        if (lease.renewal.begin()) {
            return Optional.of(lease);
        }
        connection.close();
        return Optional.empty();
    }

    /** The lease to count on: the one asked for, unless the server says less. */
    static long seconds(LockOptions lock, long answered) {
        return lock.leaseSeconds() == LockOptions.DEFAULT_LEASE
                ? Math.min(answered, WireTime.MAX_SECONDS)
                : Math.min(answered, lock.leaseSeconds());
    }

    @Override
    public String key() {
        return lock.key().text();
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(leaseSeconds);
    }

    @Override
    public Duration remaining() {
        return isHeld() ? Duration.ofNanos(Math.max(0, deadline - shard.now())) : Duration.ZERO;
    }

    @Override
    public boolean isHeld() {
        if (phase != Phase.HELD) {
            return false;
        }
        if (deadline - shard.now() > 0) {
            return true;
        }
        lose(Reason.EXPIRED);
        return false;
    }

    @Override
    public void ensure(Duration atLeast) {
        WireTime.requirePositive(atLeast, "the time to ensure");
        if (atLeast.compareTo(ttl()) > 0) {
            throw new IllegalArgumentException("cannot ensure " + atLeast + ": the whole lease is " + ttl());
        }
        if (!isHeld() || remaining().compareTo(atLeast) < 0) {
            renew();
        }
    }

    @Override
    public void renew() {
        Attempt attempt = shard.attempt("renew", lock.key());
        try (InterruptShield shield = new InterruptShield()) {
            requireHeld(attempt);
            long limit = shard.now() + shard.options().responseTimeout();
            if (!takeTurn(limit, shield)) {
                throw attempt.unanswered("an earlier renewal still waits for its answer", shard.now());
            }
            try {
                requireHeld(attempt);
                if (renewInTurn(limit) instanceof Reply.Refused refused && isHeld()) {
                    throw attempt.rejected(refused, shard.now());
                }
                requireHeld(attempt);
            } catch (IOException e) {
                throw attempt.lost("the lease is lost, the connection broke", e, shard.now());
            } finally {
                connection.turn().unlock();
            }
        }
    }

    @Override
    public void onLost(Consumer<LeaseLost> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        isHeld();
        Phase now = phase;
        if (now != Phase.HELD && now != Phase.RELEASED) {
            tellListeners(Reason.valueOf(now.name()));
        }
    }

    @Override
    public boolean release() {
        if (!isHeld() || !PHASE.compareAndSet(this, Phase.HELD, Phase.RELEASED)) {
            return false;
        }
        shard.lane().cancel(renewal);
        Attempt attempt = shard.attempt("release", lock.key());
        try (InterruptShield shield = new InterruptShield()) {
            long limit = attempt.startedAt() + shard.options().responseTimeout();
            if (!takeTurn(limit, shield)) {
                connection.close();
                throw attempt.unanswered("a renewal waits for its answer; the connection is closed now", shard.now());
            }
            Reply reply;
            try {
                reply = exchangeRelease(limit);
            } catch (IOException e) {
                throw attempt.broke(e, shard.now());
            } finally {
                connection.turn().unlock();
            }
            shard.pool().putAfterRelease(connection, reply);
            return reply instanceof Reply.Released && deadline - shard.now() > 0;
        }
    }

    private Reply exchangeRelease(long limit) throws IOException {
        ReleaseGuard guard = new ReleaseGuard(connection);
        Request request = lock.writer().release(lock.key(), token);
        if (!shard.lane().schedule(guard, limit)) {
            return connection.exchange(request, limit);
        }
        try {
            return connection.exchange(request, limit + WireTime.MAX_NANOS);
        } catch (IOException e) {
            if (guard.isArmed()) {
                throw e;
            }
            throw new SocketTimeoutException("closed by the guard");
        } finally {
            if (!guard.disarm()) {
                connection.close(); // so that it is not in the pool when the guard closes it
            }
            shard.lane().cancel(guard);
        }
    }

    @Override
    public void close() {
        try {
            release();
        } catch (DflockdException e) {
            LOG.debug("closing the lease of '{}': {}", key(), e.getMessage());
        }
    }

    /** Ends it without a word to anybody, by closing its connection: for a lease that no caller ever got. */
    void discard() {
        PHASE.compareAndSet(this, Phase.HELD, Phase.RELEASED);
        shard.lane().cancel(renewal);
        connection.close();
    }

    @Override
    public String toString() {
        return "Lease[" + lock.key() + " at " + shard.server() + ", " + phase + "]";
    }

    /** The phase alone, without a look at the clock. */
    boolean isOpen() {
        return phase == Phase.HELD;
    }

    long deadline() {
        return deadline;
    }

    long leaseSeconds() {
        return leaseSeconds;
    }

    Connection connection() {
        return connection;
    }

    /**
     * Asks the server for the whole lease again. The caller has the connection's turn.
     *
     * @return {@link Reply.Refused} with another status than {@code error} leaves the lease as it is
     * @throws IOException if there was no answer by {@code limit} or the local deadline; the lease is lost
     */
    Reply renewInTurn(long limit) throws IOException {
        Reply reply = exchange(lock.writer().renew(lock.key(), token, leaseSeconds), limit);
        if (reply instanceof Reply.Renewed renewed) {
            extend(renewed.seconds());
        } else if (reply instanceof Reply.Refused refused && refused.status().equals("error")) {
            lose(Reason.REFUSED);
        }
        return reply;
    }

    /** Sends something that is refused, so that the server hears of the connection. The caller has the connection's turn. */
    void keepAliveInTurn(long limit) throws IOException {
        exchange(lock.writer().keepalive(lock.key()), limit);
    }

    /** Ends the lease, unless it is over already; the first reason counts. */
    void lose(Reason reason) {
        if (!PHASE.compareAndSet(this, Phase.HELD, Phase.valueOf(reason.name()))) {
            return;
        }
        shard.lane().cancel(renewal);
        connection.close();
        LOG.warn("lease of '{}' at {} lost: {}", key(), shard.server(), reason);
        tellListeners(reason);
    }

    private void tellListeners(Reason reason) {
        shard.notices().tell(listeners.take(), new LeaseLost(key(), reason));
    }

    private Reply exchange(Request request, long limit) throws IOException {
        long until = limit - deadline < 0 ? limit : deadline;
        try {
            Reply reply = connection.exchange(request, until);
            if (connection.isClosed()) {
                lose(Reason.CONNECTION_LOST); // the server has said that it closes it, which frees the slot
            }
            return reply;
        } catch (IOException e) {
            lose(deadline - shard.now() > 0 ? Reason.CONNECTION_LOST : Reason.EXPIRED);
            throw e;
        }
    }

    /** A V0 server answers what remains in whole seconds, so one less than it was asked for means the whole lease (DESIGN rule 3). */
    private void extend(long answered) {
        long counted = answered >= leaseSeconds - 1 ? leaseSeconds : answered;
        if (isHeld()) {
            long before = deadline;
            deadline = connection.sentAt() + WireTime.nanosOfSeconds(counted);
            renewal.answered(deadline - before < 0);
        }
    }

    private void requireHeld(Attempt attempt) {
        if (!isHeld()) {
            throw attempt.lost("the lease is over: " + phase, null, shard.now());
        }
    }

    private boolean takeTurn(long limit, InterruptShield shield) {
        if (connection.turn().tryLock()) {
            return true;
        }
        while (true) {
            try {
                return connection.turn().tryLock(limit - shard.now(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                shield.interrupted();
            }
        }
    }
}

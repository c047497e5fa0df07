package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLost.Reason;
import io.dflockd.client.RejectedException;
import io.dflockd.client.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease from its grant to its end.
 *
 * <p>Its phase leaves HELD once, by compare-and-set, whoever comes first: then it is released or lost for good.
 */
final class HeldLease {

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
    private final LeaseWire wire;
    private final LeaseRenewal renewal;
    private final LossListeners listeners = new LossListeners();
    private final LeaseTerm term;
    private volatile @Nullable Ownership owner;
    private volatile Phase phase = Phase.HELD;

    private HeldLease(Shard shard, LockOptions lock, LeaseWire wire) {
        this.shard = shard;
        this.lock = lock;
        this.wire = wire;
        this.term = new LeaseTerm(
                shard.options(), lock, wire.connection().sentAt(), WireTime.nanosOfSeconds(wire.leaseSeconds()));
        this.renewal = new LeaseRenewal(this, shard, lock);
    }

    /**
     * Makes a lease of a grant, counted from when the last request on the connection was sent, and begins to renew it.
     *
     * @param answered the lease that the server named
     * @param askedAt when the caller asked for it
     * @return empty if the client was closed meanwhile; then the connection is closed too
     */
    static Optional<HeldLease> begin(
            Shard shard, LockOptions lock, Connection connection, String token, long answered, long askedAt) {
        LeaseWire wire = new LeaseWire(shard, lock, connection, token, lock.countedSeconds(answered));
        HeldLease lease = new HeldLease(shard, lock, wire);
        if (lease.renewal.begin()) {
            shard.observer().acquired(connection.turn(), lease.key(), askedAt);
            return Optional.of(lease);
        }
        wire.abandon();
        return Optional.empty();
    }

    String key() {
        return lock.key().text();
    }

    long now() {
        return shard.now();
    }

    LeaseWire wire() {
        return wire;
    }

    LeaseTerm term() {
        return term;
    }

    Duration remaining() {
        return isHeld() ? Duration.ofNanos(Math.max(0, term.deadline() - shard.now())) : Duration.ZERO;
    }

    boolean isHeld() {
        if (phase != Phase.HELD) {
            return false;
        }
        long now = shard.now();
        if (term.certainUntil() - now > 0) {
            return true;
        }
        lose(term.deadline() - now > 0 ? Reason.CONNECTION_LOST : Reason.EXPIRED);
        return false;
    }

    void renew() {
        renew(shard.attempt("renew", lock.key()));
    }

    /** As {@link io.dflockd.client.Lease#ensure}, once the argument is known to make sense. */
    void ensure(Duration atLeast) {
        Attempt attempt = shard.attempt("ensure", lock.key());
        requireHeld(attempt);
        long needed = WireTime.nanos(atLeast);
        long heard = Math.min(needed, shard.options().longestSilence()); // a server that is silent may be gone
        if (remaining().compareTo(atLeast) >= 0 && term.certainUntil() - shard.now() >= heard) {
            return;
        }
        renew(attempt);
        if (term.grant() < needed) { // not what remains: the answer may have been slow
            throw new RejectedException(
                    "cannot ensure " + atLeast + " of '" + key() + "': the server grants less", "ok");
        }
    }

    private void renew(Attempt attempt) {
        try (InterruptShield shield = new InterruptShield()) {
            requireHeld(attempt);
            long limit = shard.now() + shard.options().responseTimeout();
            for (boolean again = false; ; again = true) {
                try {
                    mend(limit, shield);
                    renewOnce(attempt, limit, shield);
                    return;
                } catch (IOException e) {
                    shield.setAside();
                    if (!isHeld()) {
                        throw attempt.lost("the lease is lost, the connection broke", e, shard.now());
                    }
                    if (again || limit - shard.now() <= 0) {
                        throw attempt.broke(e, shard.now());
                    }
                }
            }
        }
    }

    private void renewOnce(Attempt attempt, long limit, InterruptShield shield) throws IOException {
        if (!wire.takeTurn(limit, shield)) {
            throw attempt.unanswered("an earlier renewal still waits for its answer", shard.now());
        }
        Turn turn = wire.turn();
        try {
            requireHeld(attempt);
            if (renewInTurn(limit) instanceof Reply.Refused refused && isHeld()) {
                throw attempt.rejected(refused, shard.now());
            }
            requireHeld(attempt);
        } finally {
            turn.unlock();
        }
    }

    /** Sees to it that there is a connection again, where losing it does not end the lease. The caller does not have the turn. */
    void mend(long limit, InterruptShield shield) throws IOException {
        if (wire.mend(limit, shield, this::isOpen)) {
            renewal.again(shard.now()); // which also has the new connection watched
        }
    }

    void onLost(Consumer<LeaseLost> listener) {
        listeners.add(listener);
        isHeld();
        lossReason().ifPresent(this::tellListeners);
    }

    boolean release() {
        return giveBack().filter(Reply.Released.class::isInstance).isPresent() && term.deadline() - shard.now() > 0;
    }

    /** Releases as {@link #release}, and tells what the server said; empty if the lease was over before. */
    Optional<Reply> giveBack() {
        if (!isHeld() || !PHASE.compareAndSet(this, Phase.HELD, Phase.RELEASED)) {
            return Optional.empty();
        }
        long startedAt = shard.now();
        boolean answered = false;
        try (InterruptShield shield = new InterruptShield()) {
            Reply reply = wire.release(startedAt + shard.options().responseTimeout(), shield, renewal);
            answered = true;
            return Optional.of(reply);
        } catch (IOException e) {
            throw new Attempt("release", lock.key(), shard.server(), startedAt).broke(e, shard.now());
        } finally {
            shard.lane().cancel(renewal);
            if (!answered) {
                wire.connection().close();
                wire.freeLater();
            }
            tellReleased();
        }
    }

    /** What the caller gets of it. To be called once, by a thread of the caller. */
    LeaseHandle handOver() {
        LeaseHandle handle = new LeaseHandle(this);
        owner = shard.give(handle);
        return handle;
    }

    /** Ends it, and says so, if the caller has lost the object with which alone it can be released (DESIGN rule 10). */
    boolean endIfAbandoned() {
        Ownership was = owner;
        if (was == null || !was.isOver() || !isHeld()) {
            return false;
        }
        was.report("a lease that was not released", key(), shard.server());
        lose(Reason.EXPIRED);
        return true;
    }

    /** Ends it without a word to anybody, by closing its connection: for a lease that no caller ever got. */
    void discard() {
        boolean mine = PHASE.compareAndSet(this, Phase.HELD, Phase.RELEASED);
        shard.lane().cancel(renewal);
        wire.connection().close();
        wire.freeLater();
        if (mine) {
            tellReleased();
        }
    }

    private void tellReleased() {
        shard.observer().released(wire.turn(), key(), term.begin());
    }

    @Override
    public String toString() {
        return "Lease[" + lock.key() + " at " + shard.server() + ", " + phase + "]";
    }

    /** Why it was lost; empty while it is held, and after a release. */
    Optional<Reason> lossReason() {
        Phase now = phase;
        return now == Phase.HELD || now == Phase.RELEASED ? Optional.empty() : Optional.of(Reason.valueOf(now.name()));
    }

    /** The phase alone, without a look at the clock. */
    boolean isOpen() {
        return phase == Phase.HELD;
    }

    /**
     * Asks the server for the whole lease again. The caller has the connection's turn.
     *
     * @return {@link Reply.Refused} with another status than {@code error} leaves the lease as it is
     * @throws IOException if there was no answer by {@code limit} or the local deadline; the lease is lost
     */
    Reply renewInTurn(long limit) throws IOException {
        Reply reply;
        try {
            reply = wire.renew(WireTime.earlier(limit, term.certainUntil()));
        } catch (IOException | RuntimeException | Error e) { // also for want of memory: the connection is closed then
            shard.observer().renewalFailed(wire.turn(), key(), e.toString());
            connectionLost(wire.connection());
            throw e;
        }
        term.heard(wire.connection().sentAt());
        if (reply instanceof Reply.Renewed renewed) {
            extend(renewed.seconds());
            shard.observer().renewed(wire.turn(), key(), wire.connection().sentAt());
        } else if (reply instanceof Reply.Refused refused) {
            shard.observer().renewalFailed(wire.turn(), key(), refused.status());
            if (refused.status().equals("error")) {
                lose(Reason.REFUSED);
            }
            loseIfClosed();
        }
        return reply;
    }

    /** Sends something that is refused, so that the server hears of the connection. The caller has the connection's turn. */
    void keepAliveInTurn(long limit) throws IOException {
        try {
            wire.keepAlive(WireTime.earlier(limit, term.certainUntil()));
            term.heard(wire.connection().sentAt());
            loseIfClosed();
        } catch (IOException | RuntimeException | Error e) {
            connectionLost(wire.connection());
            throw e;
        }
    }

    /** The server may have said that it closes the connection, which frees the slot. */
    private void loseIfClosed() {
        if (wire.connection().isClosed() && isOpen()) {
            connectionLost(wire.connection());
        }
    }

    /**
     * A connection broke, or is found broken: the end of the lease, unless it has another one by now, or the servers release nothing when that happens (DESIGN rule
     * 4).
     */
    void connectionLost(Connection broken) {
        if (!isHeld()) {
            return;
        }
        if (shard.options().autoRelease() && broken == wire.connection()) {
            lose(Reason.CONNECTION_LOST);
        } else {
            broken.close();
        }
    }

    /** Ends the lease, unless it is over already; the first reason counts. */
    void lose(Reason reason) {
        if (!PHASE.compareAndSet(this, Phase.HELD, Phase.valueOf(reason.name()))) {
            return;
        }
        shard.lane().cancel(renewal);
        wire.connection().close();
        if (reason == Reason.EXPIRED && term.grantedUntil() - shard.now() > 0) {
            wire.freeLater(); // given up before the server takes it back
        }
        LOG.warn("lease of '{}' at {} lost: {}", key(), shard.server(), reason);
        shard.observer().lost(wire.turn(), new LeaseLost(key(), reason), term.begin());
        tellListeners(reason);
    }

    private void tellListeners(Reason reason) {
        shard.notices().tell(listeners.take(), new LeaseLost(key(), reason));
    }

    /** A V0 server answers what remains in whole seconds, so one less than it was asked for means the whole lease (DESIGN rule 3). */
    private void extend(long answered) {
        long asked = wire.leaseSeconds();
        long counted = answered >= asked - 1 ? asked : answered;
        if (isHeld()) {
            renewal.answered(term.extend(wire.connection().sentAt(), WireTime.nanosOfSeconds(counted)));
        }
    }

    private void requireHeld(Attempt attempt) {
        if (!isHeld()) {
            throw attempt.lost("the lease is over: " + phase, null, shard.now());
        }
    }
}

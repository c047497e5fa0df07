package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost.Reason;
import io.dflockd.client.Reply;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a lease in the background: it is renewed, its connection is kept alive, and at its deadline it is declared lost (DESIGN rule 3).
 *
 * <p>A lease without renewal is kept alive all the same: a silent connection would be closed and its lock freed long before a long lease ends.
 */
final class LeaseRenewal extends LaneTask implements NoiseCheck.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewal.class);

    /** How much earlier a renewal may come, at random, so that leases which began together do not stay together. */
    static final double SPREAD = 0.1;

    /** Until then a lease counts as a short one, whose connection is not watched, because that costs its release a hand-over between threads. */
    static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(100);

    private static final AtomicReferenceFieldUpdater<LeaseRenewal, @Nullable Connection> GUARDED =
            AtomicReferenceFieldUpdater.newUpdater(LeaseRenewal.class, Connection.class, "guarded");

    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(100);

    private final HeldLease lease;
    private final Shard shard;
    private final LockOptions lock;
    private boolean failing;
    private volatile long next;
    private volatile long guardLimit;
    private volatile @Nullable Connection guarded;

    LeaseRenewal(HeldLease lease, Shard shard, LockOptions lock) {
        this.lease = lease;
        this.shard = shard;
        this.lock = lock;
    }

    /** False if the client is closed. */
    boolean begin() {
        next = nextAfterAnswer();
        long moment = lease.wire().connection().sentAt() + MOMENT;
        return shard.lane()
                .schedule(
                        this,
                        WireTime.earlier(
                                moment, WireTime.earlier(next, lease.term().certainUntil())));
    }

    @Override
    void run() {
        if (goesOn()) {
            again(inTurn());
        }
    }

    @Override
    boolean runBriefly() {
        if (goesOn()) {
            again(lease.term().certainUntil());
            return false;
        }
        return true;
    }

    @Override
    boolean runsAgain() {
        return lease.isOpen() || isArmed();
    }

    /** Whether there is something to renew. If the lease is over, that is told; if it is being released, that is guarded. */
    private boolean goesOn() {
        Connection used = guarded;
        if (used == null) {
            return !lease.endIfAbandoned() && lease.isHeld();
        }
        if (guardLimit - shard.now() > 0) {
            shard.lane().schedule(this, guardLimit);
        } else {
            Connection late = GUARDED.getAndSet(this, null); // another one by now, if the release is tried again
            if (late != null) {
                late.close();
            }
        }
        return false;
    }

    /**
     * Ends a release that gets no answer, by closing its connection at {@code limit}, unless it is disarmed before.
     *
     * @return false if the client is closed
     */
    boolean guard(Connection used, long limit) {
        guardLimit = limit;
        guarded = used;
        return shard.lane().schedule(this, limit) || !disarm();
    }

    boolean isArmed() {
        return guarded != null;
    }

    /** Whether the answer was first. If it was not, the connection is being closed. */
    boolean disarm() {
        return GUARDED.getAndSet(this, null) != null;
    }

    /**
     * Says when to renew next, now that a renewal of whomever has succeeded. The caller has the connection's turn.
     *
     * @param shorter whether the lease ends earlier than it did before, so that what is scheduled may be too late
     */
    void answered(boolean shorter) {
        next = nextAfterAnswer();
        if (shorter) {
            again(next);
        }
    }

    /** Has it run at {@code when} at the latest. If the lease ends in between, it finds nothing to do. */
    void again(long when) {
        if (lease.isOpen()) {
            shard.lane().schedule(this, WireTime.earlier(when, lease.term().certainUntil()));
        }
    }

    @Override
    void clientClosed() {
        lease.lose(Reason.CLIENT_CLOSED);
    }

    /** Has the connection watched, renews if it is time to, and says when to come again. */
    private long inTurn() {
        boolean due = next - shard.now() <= 0; // looked at again in turn
        long limit = shard.now() + shard.options().responseTimeout();
        if (lease.wire().connection().isClosed() && !(due && mended(limit))) {
            return next;
        }
        Turn turn = lease.wire().turn();
        if (!turn.tryLock()) {
            return shard.now() + RETRY; // the holder itself is renewing or releasing just now
        }
        try {
            if (!lease.isHeld()) {
                return next;
            }
            Connection connection = lease.wire().connection();
            if (!connection.isWatched()) {
                connection.watch(new NoiseCheck(shard, this, connection));
            }
            if (next - shard.now() <= 0) {
                next = attempt(limit);
            }
            return next;
        } finally {
            turn.unlock();
        }
    }

    /** Whether there is a connection again for what has to be sent now; if not, says when to try again. */
    private boolean mended(long limit) {
        if (!lock.renewal()) {
            next = shard.now() + interval(leaseNanos()); // nothing to keep alive
            return false;
        }
        try (InterruptShield shield = new InterruptShield()) {
            lease.mend(limit, shield);
            return true;
        } catch (IOException e) {
            next = afterFailure(e.toString());
            return false;
        }
    }

    @Override
    public void connectionLost(Connection gone) {
        lease.connectionLost(gone);
    }

    /** Not a renewal, so that the lease stays as its holder wants it. */
    @Override
    public boolean askServer() {
        Turn turn = lease.wire().turn();
        if (!turn.tryLock()) {
            return !lease.isOpen();
        }
        try {
            if (lease.isHeld()) {
                lease.keepAliveInTurn(shard.now() + shard.options().responseTimeout());
            }
        } catch (IOException e) {
            LOG.debug("the connection of the lease of '{}' broke: {}", lease.key(), e.toString());
        } finally {
            turn.unlock();
        }
        return true;
    }

    /** Renews, or keeps alive, and says when to do so again. The caller has the turn. */
    private long attempt(long limit) {
        try {
            if (!lock.renewal()) {
                lease.keepAliveInTurn(limit);
            } else if (lease.renewInTurn(limit) instanceof Reply.Refused refused && lease.isOpen()) {
                return afterFailure(refused.status());
            }
            failing = false;
            return nextAfterAnswer();
        } catch (IOException e) {
            LOG.debug("the connection of the lease of '{}' broke: {}", lease.key(), e.toString());
            if (!lease.isOpen()) {
                return next;
            }
            return lock.renewal() ? afterFailure("the connection broke") : shard.now() + interval(leaseNanos());
        }
    }

    private long afterFailure(String why) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "renewal of '{}' at {} failed: {}; tried again until the lease ends",
                    lease.key(),
                    shard.server(),
                    why);
        }
        return shard.now() + Math.min(interval(leaseNanos()), 2 * RETRY);
    }

    /** A server may have granted less than it was asked for; what counts is when that ends. */
    private long nextAfterAnswer() {
        long sentAt = lease.wire().connection().sentAt();
        return sentAt + interval(lease.term().grant());
    }

    private long interval(long granted) {
        double silence = shard.options().longestSilence();
        double part = lock.renewal() ? granted * lock.renewRatio() : silence;
        return Math.max(1, (long) (Math.min(part, silence)
                * (1 - SPREAD * shard.options().runtime().random())));
    }

    private long leaseNanos() {
        return WireTime.nanosOfSeconds(lease.wire().leaseSeconds());
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost.Reason;
import io.dflockd.client.Reply;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a lease in the background: it is renewed, its connection is kept alive, and at its deadline it is declared lost (DESIGN rule 3).
 *
 * <p>A lease without renewal is kept alive all the same: a silent connection would be closed and its lock freed long before a long lease ends.
 */
final class LeaseRenewal extends LaneTask {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseRenewal.class);

    /** How much earlier a renewal may come, at random, so that leases which began together do not stay together. */
    static final double SPREAD = 0.1;

    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(100);

    private final HeldLease lease;
    private final Shard shard;
    private final LockOptions lock;
    private boolean failing;
    private volatile long next;

    LeaseRenewal(HeldLease lease, Shard shard, LockOptions lock) {
        this.lease = lease;
        this.shard = shard;
        this.lock = lock;
    }

    /** False if the client is closed. */
    boolean begin() {
        next = nextAfterAnswer();
        return shard.lane().schedule(this, earlier(next, lease.deadline()));
    }

    @Override
    void run() {
        if (!lease.isHeld()) {
            return;
        }
        if (next - shard.now() <= 0) {
            next = attempt();
        }
        again();
    }

    /**
     * Says when to renew next, now that a renewal of whomever has succeeded. The caller has the connection's turn.
     *
     * @param shorter whether the lease ends earlier than it did before, so that what is scheduled may be too late
     */
    void answered(boolean shorter) {
        next = nextAfterAnswer();
        if (shorter) {
            again();
        }
    }

    private void again() {
        if (!lease.isOpen()) {
            return;
        }
        shard.lane().schedule(this, earlier(next, lease.deadline()));
        if (!lease.isOpen()) {
            shard.lane().cancel(this); // released in between
        }
    }

    @Override
    void clientClosed() {
        lease.lose(Reason.CLIENT_CLOSED);
    }

    /** Renews, or keeps alive, and says when to do so again. */
    private long attempt() {
        Connection connection = lease.connection();
        if (!connection.turn().tryLock()) {
            return shard.now() + RETRY; // the holder itself is renewing or releasing just now
        }
        try {
            if (!lease.isHeld()) {
                return next;
            }
            long limit = shard.now() + shard.options().responseTimeout();
            if (!lock.renewal()) {
                lease.keepAliveInTurn(limit);
            } else if (lease.renewInTurn(limit) instanceof Reply.Refused refused && lease.isOpen()) {
                return afterFailure(refused);
            }
            failing = false;
            return nextAfterAnswer();
        } catch (IOException e) {
            LOG.debug("the connection of the lease of '{}' broke: {}", lease.key(), e.toString());
            return next;
        } finally {
            connection.turn().unlock();
        }
    }

    private long afterFailure(Reply.Refused refused) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "renewal of '{}' at {} refused with {}; tried again until the lease ends",
                    lease.key(),
                    shard.server(),
                    refused.status());
        }
        return shard.now() + Math.min(interval(WireTime.nanosOfSeconds(lease.leaseSeconds())), 2 * RETRY);
    }

    /** A server may have granted less than it was asked for; what counts is when that ends. */
    private long nextAfterAnswer() {
        long sentAt = lease.connection().sentAt();
        return sentAt + interval(lease.deadline() - sentAt);
    }

    private long interval(long granted) {
        double silence = shard.options().longestSilence();
        double part = lock.renewal() ? granted * lock.renewRatio() : silence;
        return Math.max(1, (long) (Math.min(part, silence)
                * (1 - SPREAD * shard.options().runtime().random())));
    }

    private static long earlier(long one, long other) {
        return one - other < 0 ? one : other;
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Enqueued.Status;
import io.dflockd.client.Lease;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A place in the queue and the connection it belongs to. Kept alive until it is awaited, since the server closes silent connections (DESIGN rule 3).
 *
 * <p>Its phase moves on by compare-and-set: from QUEUED to AWAITING to FETCHED, or to LOST from anywhere before.
 */
final class QueuedPlace {

    private enum Phase {
        QUEUED,
        AWAITING,
        FETCHED,
        LOST
    }

    private static final Logger LOG = LoggerFactory.getLogger(QueuedPlace.class);

    /** What servers say when the turn has come and gone; plain {@code error} is V0's. */
    private static final Set<String> TURN_LOST = Set.of("error", "error_not_enqueued", "error_lease_expired");

    private static final AtomicReferenceFieldUpdater<QueuedPlace, Phase> PHASE =
            AtomicReferenceFieldUpdater.newUpdater(QueuedPlace.class, Phase.class, "phase");

    private final Shard shard;
    private final LockOptions lock;
    private final Connection connection;
    private final Keepalive keepalive = new Keepalive();
    private volatile @Nullable Ownership owner;
    private volatile Phase phase = Phase.QUEUED;

    private QueuedPlace(Shard shard, LockOptions lock, Connection connection) {
        this.shard = shard;
        this.lock = lock;
        this.connection = connection;
    }

    /**
     * Takes over the connection on which {@code queued} was answered.
     *
     * @throws IOException if the client was closed meanwhile, or there is no thread that could keep the place alive; the connection is closed
     */
    static Enqueued begin(Shard shard, LockOptions lock, Connection connection) throws IOException {
        QueuedPlace place = new QueuedPlace(shard, lock, connection);
        PlaceHandle handle = new PlaceHandle(place);
        place.owner = shard.give(handle);
        if (!place.keepalive.begin()) {
            connection.close();
            throw shard.lane().refusal();
        }
        return handle;
    }

    String key() {
        return lock.key().text();
    }

    Status status() {
        return switch (phase) {
            case QUEUED, AWAITING -> Status.QUEUED;
            case FETCHED -> Status.ACQUIRED;
            case LOST -> Status.LOST;
        };
    }

    Optional<Lease> await(Duration timeout) throws InterruptedException {
        Attempt attempt = shard.attempt("await", lock.key());
        try {
            Optional<Lease> lease = await(timeout, attempt);
            if (lease.isEmpty()) {
                shard.observer().notAcquired(key(), attempt.startedAt());
            }
            return lease;
        } catch (DflockdException e) {
            shard.observer().acquireFailed(key(), attempt.startedAt(), e);
            throw e;
        }
    }

    private Optional<Lease> await(Duration timeout, Attempt attempt) throws InterruptedException {
        GrantWait wait = new GrantWait(shard, lock, timeout, attempt.startedAt());
        if (Thread.interrupted()) {
            lose();
            throw new InterruptedException("interrupted before await of '" + lock.key() + "'");
        }
        if (!PHASE.compareAndSet(this, Phase.QUEUED, Phase.AWAITING)) {
            if (phase == Phase.LOST) {
                return Optional.empty();
            }
            throw new IllegalStateException("the place for '" + lock.key() + "' was awaited before");
        }
        shard.lane().cancel(keepalive);
        try {
            return inTurn(wait, attempt);
        } catch (ClosedByInterruptException e) {
            lose();
            throw attempt.interrupted();
        } catch (InterruptedException e) {
            lose();
            throw e;
        } catch (IOException e) {
            if (phase == Phase.LOST) {
                return Optional.empty(); // closed by another thread
            }
            lose();
            throw attempt.broke(e, shard.now());
        }
    }

    @Override
    public String toString() {
        return "Enqueued[" + lock.key() + " at " + shard.server() + ", " + status() + "]";
    }

    /** A keepalive may be waiting for its answer; nothing else shares the connection. */
    private Optional<Lease> inTurn(GrantWait wait, Attempt attempt) throws IOException, InterruptedException {
        if (!connection.turn().tryLock(wait.timeLeft(), TimeUnit.NANOSECONDS)) {
            lose();
            return Optional.empty();
        }
        GrantOutcome outcome;
        try {
            outcome = wait.on(connection, lock.writer().await(lock.key(), wait.secondsLeft()));
        } finally {
            connection.turn().unlock();
        }
        if (outcome instanceof GrantOutcome.Granted granted) {
            if (PHASE.compareAndSet(this, Phase.AWAITING, Phase.FETCHED)) {
                return Optional.of(granted.lease().handOver());
            }
            granted.lease().discard();
            return Optional.empty();
        }
        if (!PHASE.compareAndSet(this, Phase.AWAITING, Phase.LOST)) {
            return Optional.empty(); // closed by another thread, and the connection with it
        }
        if (outcome instanceof GrantOutcome.Refused refused) {
            connection.close(); // whatever is left of the place goes with it
            if (!TURN_LOST.contains(refused.reply().status())) {
                throw attempt.rejected(refused.reply(), shard.now());
            }
        }
        wait.giveBack(connection);
        return Optional.empty();
    }

    /** Gives up the place, unless the lease was fetched. Closing is the only way out of the queue that never has to wait. */
    boolean lose() {
        while (true) {
            Phase before = phase;
            if (before == Phase.FETCHED || before == Phase.LOST) {
                return false;
            }
            if (PHASE.compareAndSet(this, before, Phase.LOST)) {
                shard.lane().cancel(keepalive);
                connection.close();
                return true;
            }
        }
    }

    /** Gives the place up, and says so, if nobody has it who could await or close it (DESIGN rule 10). */
    private boolean endIfAbandoned() {
        Ownership was = owner;
        if (was == null || !was.isOver() || phase != Phase.QUEUED) {
            return false;
        }
        was.report("a place in the queue that was neither awaited nor closed", key(), shard.server());
        lose();
        return true;
    }

    /** Sends something that is refused, so that the server hears of the connection. */
    private final class Keepalive extends LaneTask implements NoiseCheck.Owner {

        private long next;

        /** False as {@link RenewalLane#schedule}. */
        boolean begin() {
            next = later();
            long moment = connection.sentAt() + LeaseRenewal.MOMENT;
            return shard.lane().schedule(this, WireTime.earlier(moment, next));
        }

        private long later() {
            double early = 1 - LeaseRenewal.SPREAD * shard.options().runtime().random();
            return shard.now() + (long) (shard.options().longestSilence() * early);
        }

        @Override
        void run() {
            keepAlive(true);
        }

        @Override
        boolean runBriefly() {
            return keepAlive(false);
        }

        @Override
        boolean runsAgain() {
            return phase == Phase.QUEUED;
        }

        /** Has the connection watched, and asks the server if it is time to; false if it may not, although it is. */
        private boolean keepAlive(boolean mayAsk) {
            if (endIfAbandoned() || phase != Phase.QUEUED) {
                return true;
            }
            if (!connection.turn().tryLock()) {
                // awaited just now, or asked because of noise
                shard.lane().schedule(this, shard.now() + LeaseRenewal.MOMENT);
                return true;
            }
            try {
                if (phase != Phase.QUEUED) {
                    return true;
                }
                if (!connection.isWatched()) {
                    connection.watch(new NoiseCheck(shard, this, connection));
                }
                if (next - shard.now() <= 0) {
                    if (!mayAsk) {
                        return false;
                    }
                    exchange();
                    next = later();
                }
            } finally {
                connection.turn().unlock();
            }
            if (phase == Phase.QUEUED) {
                shard.lane().schedule(this, next);
            }
            return true;
        }

        private void exchange() {
            try {
                connection.exchange(
                        lock.writer().keepalive(lock.key()),
                        shard.now() + shard.options().responseTimeout());
                if (connection.isClosed()) {
                    lost("the server ends the connection");
                }
            } catch (IOException e) {
                lost(e.toString());
            }
        }

        @Override
        public void connectionLost(Connection gone) {
            lost("the server closed the connection, or sent what nobody asked for");
        }

        @Override
        public boolean askServer() {
            if (!connection.turn().tryLock()) {
                return phase != Phase.QUEUED;
            }
            try {
                if (phase == Phase.QUEUED) {
                    exchange();
                }
                return true;
            } finally {
                connection.turn().unlock();
            }
        }

        private void lost(String why) {
            if (lose()) {
                LOG.warn("place in the queue of '{}' at {} lost: {}", lock.key(), shard.server(), why);
            }
        }

        @Override
        void clientClosed() {
            lose();
        }
    }
}

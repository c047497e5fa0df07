package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.Scoped;
import io.dflockd.client.ServerStats;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All servers of a client, and which key goes where. */
public final class Shards {

    private static final Logger LOG = LoggerFactory.getLogger(Shards.class);

    private final ClientOptions options;
    private final LossNotices notices;
    private final WatchThread watchThread;
    private final List<Shard> shards = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    public Shards(ClientOptions options) {
        this.options = options;
        this.notices = new LossNotices(options.runtime());
        this.watchThread = new WatchThread(options.runtime(), notices);
        for (ServerAddress server : options.servers()) {
            shards.add(new Shard(server, options, notices, watchThread));
        }
    }

    /** As {@link io.dflockd.client.DistributedLock#tryAcquire}. */
    public Optional<Lease> acquire(LockOptions lock, Duration timeout) throws InterruptedException {
        return new Acquisition(shardOf(lock.key()), lock, timeout).acquire().map(HeldLease::handOver);
    }

    /** As {@link io.dflockd.client.DistributedLock#acquire}. */
    public Lease acquireOrThrow(LockOptions lock) throws InterruptedException {
        return holdOrThrow(shardOf(lock.key()), lock).handOver();
    }

    /** As {@link io.dflockd.client.DistributedLock#call(Scoped.LeaseCall)}. */
    public <T extends @Nullable Object, E extends Exception> T call(LockOptions lock, Scoped.LeaseCall<T, E> body)
            throws E, InterruptedException {
        Shard shard = shardOf(lock.key());
        HeldLease lease = holdOrThrow(shard, lock);
        return new Scope(shard, lease, shard.attempt("scope", lock.key())).call(body);
    }

    private static HeldLease holdOrThrow(Shard shard, LockOptions lock) throws InterruptedException {
        Acquisition acquisition = new Acquisition(shard, lock, lock.acquireTimeout());
        return acquisition.acquire().orElseThrow(acquisition::timedOut);
    }

    /** As {@link io.dflockd.client.DistributedLock#asLock}. */
    public Lock asLock(LockOptions lock) {
        return new ThreadBoundLock(shardOf(lock.key()), lock);
    }

    /** As {@link io.dflockd.client.DistributedLock#enqueue}. */
    public Enqueued enqueue(LockOptions lock) throws InterruptedException {
        return new Enqueueing(shardOf(lock.key()), lock).enqueue();
    }

    /** As {@link io.dflockd.client.DflockdClient#ping}. */
    public void ping() throws InterruptedException {
        askAll(shard -> new Inquiry(shard, Command.PING).ping());
    }

    /** As {@link io.dflockd.client.DflockdClient#stats}. */
    public List<ServerStats> stats() throws InterruptedException {
        return askAll(shard -> new Inquiry(shard, Command.STATS).stats());
    }

    /** Asks every server, also after one has failed; the first failure is thrown, with the others attached. */
    private <T> List<T> askAll(Question<T> question) throws InterruptedException {
        requireOpen();
        List<T> answers = new ArrayList<>();
        List<DflockdException> failures = new ArrayList<>();
        for (Shard shard : shards) {
            try {
                answers.add(question.ask(shard));
            } catch (DflockdException e) {
                failures.add(e);
            }
        }
        if (failures.isEmpty()) {
            return answers;
        }
        DflockdException first = failures.remove(0);
        failures.forEach(first::addSuppressed);
        throw first;
    }

    /** A question to one server. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Shard shard) throws InterruptedException;
    }

    /** Ends everything, closes every connection, and waits for the threads, no longer than the response timeout. Idempotent. */
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (Shard shard : shards) {
            shard.lane().close();
            shard.pool().close();
        }
        watchThread.close();
        long deadline = options.runtime().nanoTime() + options.responseTimeout();
        boolean ended = notices.join(deadline);
        ended &= watchThread.join(deadline);
        for (Shard shard : shards) {
            ended &= shard.lane().join(deadline);
        }
        ended &= notices.join(deadline); // for what the others still had to tell
        if (!ended) {
            LOG.warn("the client is closed, but a thread of it still runs: does a listener of onLost block?");
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the client is closed");
        }
    }

    private Shard shardOf(WireKey key) {
        requireOpen();
        return shards.get(shards.size() == 1 ? 0 : indexOf(key));
    }

    private int indexOf(WireKey key) {
        int index = options.sharding().shardOf(key.text(), shards.size());
        if (index < 0 || index >= shards.size()) {
            throw new IllegalStateException("the sharding strategy put key '" + key + "' on server " + index
                    + ", but with " + shards.size() + " servers it has to be one of 0 to " + (shards.size() - 1));
        }
        return index;
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Reply;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** One enqueue, from the request for a connection to the place. */
final class Enqueueing {

    private final Shard shard;
    private final LockOptions lock;
    private final Attempt attempt;

    Enqueueing(Shard shard, LockOptions lock) {
        this.shard = shard;
        this.lock = lock;
        this.attempt = shard.attempt(lock.enqueuePhase(), lock.key());
    }

    Enqueued enqueue() throws InterruptedException {
        try {
            return enqueueOnce();
        } catch (DflockdException e) {
            shard.observer().acquireFailed(lock.key().text(), attempt.startedAt(), e);
            throw e;
        }
    }

    private Enqueued enqueueOnce() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before enqueue of '" + lock.key() + "'");
        }
        boolean mayReuse = true;
        while (true) {
            try {
                Connection connection = mayReuse
                        ? shard.pool().take(shard.options().connectTimeout())
                        : shard.pool().fresh(shard.options().connectTimeout());
                try {
                    return on(connection);
                } catch (ClosedByInterruptException e) {
                    throw e;
                } catch (IOException e) {
                    if (!connection.isStale() || shard.pool().isClosed()) {
                        throw e;
                    }
                    mayReuse = false;
                }
            } catch (ClosedByInterruptException e) {
                throw attempt.interrupted();
            } catch (IOException e) {
                throw attempt.broke(e, shard.now());
            }
        }
    }

    private Enqueued on(Connection connection) throws IOException {
        Request request = lock.writer().enqueue(lock.key(), lock.limit(), lock.leaseSeconds());
        Reply reply = connection.exchange(request, shard.now() + shard.options().responseTimeout());
        if (reply instanceof Reply.Acquired acquired) {
            HeldLease lease = HeldLease.begin(
                            shard, lock, connection, acquired.token(), acquired.leaseSeconds(), attempt.startedAt())
                    .orElseThrow(() -> shard.lane().refusal());
            return new FetchedPlace(lock.key().text(), lease.handOver());
        }
        if (reply instanceof Reply.Refused refused) {
            if (refused.status().equals("error_already_enqueued")) {
                connection.close(); // it has a place that nobody here knows of
            }
            shard.pool().put(connection);
            throw attempt.rejected(refused, shard.now());
        }
        return QueuedPlace.begin(shard, lock, connection);
    }
}

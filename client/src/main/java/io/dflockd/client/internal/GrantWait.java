package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time that an acquire or an await has, and what is done with the answer in it.
 *
 * <p>The server gets whole seconds, rounded up, and the caller returns at the exact deadline. A timeout of zero means that the server must not wait; it still gets
 * the usual time for connecting and answering.
 */
final class GrantWait {

    /** A grant that came faster needs no confirmation: counted from its request, its lease is too short by this much at most. */
    private static final long PROMPT = TimeUnit.MILLISECONDS.toNanos(100);

    /** An answer that is due within this time is waited for in the background, so that the connection can be kept. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(1100);

    private final Shard shard;
    private final LockOptions lock;
    private final boolean atOnce;
    private final long startedAt;
    private final long deadline;

    GrantWait(Shard shard, LockOptions lock, Duration timeout, long startedAt) {
        WireTime.requireNotNegative(timeout, "the timeout");
        this.shard = shard;
        this.lock = lock;
        this.startedAt = startedAt;
        this.atOnce = timeout.isZero();
        long limit = atOnce
                ? Math.addExact(
                        shard.options().connectTimeout(), shard.options().responseTimeout())
                : WireTime.nanos(timeout);
        this.deadline = startedAt + limit;
    }

    long timeLeft() {
        return deadline - shard.now();
    }

    /** What the server is told. */
    long secondsLeft() {
        return atOnce ? 0 : WireTime.secondsOfNanos(Math.max(1, timeLeft()));
    }

    /**
     * Sends a request on a connection that nobody else uses now, and sees its answer through. The connection then belongs to the lease that was granted, or
     * still to the caller, who has to {@link #giveBack} it.
     *
     * @throws IOException if it broke; it is closed
     */
    GrantOutcome on(Connection connection, Request request) throws IOException {
        try {
            return exchange(connection, request);
        } catch (RuntimeException | Error e) { // as when there is no memory: nothing may stay held
            connection.close();
            throw e;
        }
    }

    private GrantOutcome exchange(Connection connection, Request request) throws IOException {
        connection.send(request);
        Reply reply;
        try {
            reply = connection.receive(deadline);
        } catch (SocketTimeoutException e) {
            if (atOnce) {
                connection.close();
                throw e;
            }
            return new GrantOutcome.NotInTime();
        }
        if (reply instanceof Reply.Granted granted) {
            boolean prompt = request.command() == Command.ACQUIRE && shard.now() - connection.sentAt() < PROMPT;
            return prompt
                    ? new GrantOutcome.Granted(lease(connection, granted.token(), granted.leaseSeconds()))
                    : confirm(connection, granted);
        }
        if (reply instanceof Reply.Refused refused) {
            return new GrantOutcome.Refused(refused);
        }
        return new GrantOutcome.NotInTime();
    }

    /**
     * Gets rid of a connection on which nothing is held. If its answer is still to come, closing would cancel at once; but when it comes soon, the connection is as
     * good as new after it.
     */
    void giveBack(Connection connection) {
        Request pending = connection.pending();
        if (pending == null || connection.isClosed()) {
            shard.pool().put(connection);
            return;
        }
        long due = connection.sentAt() + WireTime.nanosOfSeconds(pending.waitSeconds());
        boolean soon = due - shard.now() <= SOON;
        if (!soon || !shard.lane().adopt(new AbandonedWait(shard, lock, connection, due + SOON))) {
            connection.close();
        }
    }

    /** The answer does not say how old the grant is, so it is renewed before it counts. */
    private GrantOutcome confirm(Connection connection, Reply.Granted granted) throws IOException {
        long seconds = lock.countedSeconds(granted.leaseSeconds());
        Reply reply;
        try {
            reply = connection.exchange(lock.writer().renew(lock.key(), granted.token(), seconds), deadline);
        } catch (SocketTimeoutException e) {
            shard.free(lock, granted.token(), seconds);
            if (atOnce) {
                throw e;
            }
            return new GrantOutcome.NotInTime();
        } catch (IOException e) {
            shard.free(lock, granted.token(), seconds);
            throw e;
        }
        if (reply instanceof Reply.Renewed renewed) {
            long counted = renewed.seconds() >= seconds - 1 ? seconds : renewed.seconds();
            if (counted <= 0) {
                connection.close(); // "yes, for no time": whatever that means, nothing may stay held
                shard.free(lock, granted.token(), seconds);
                return new GrantOutcome.Worthless();
            }
            return new GrantOutcome.Granted(lease(connection, granted.token(), counted));
        }
        Reply.Refused refused = (Reply.Refused) reply;
        if (refused.status().equals("error")) {
            return new GrantOutcome.Worthless();
        }
        connection.close(); // whatever this status means, nothing may stay held
        shard.free(lock, granted.token(), seconds);
        return new GrantOutcome.Refused(refused);
    }

    private HeldLease lease(Connection connection, String token, long seconds) throws IOException {
        return HeldLease.begin(shard, lock, connection, token, seconds, startedAt)
                .orElseThrow(() -> shard.lane().refusal());
    }
}

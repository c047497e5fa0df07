package io.dflockd.client.internal;

import io.dflockd.client.RejectedException;
import io.dflockd.client.Reply;
import io.dflockd.client.ServerStats;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;

/**
 * A question to one server that is about no key and changes nothing, on a connection that holds nothing: a server may close the connection if it does not know the
 * question.
 */
final class Inquiry {

    private final Shard shard;
    private final Attempt attempt;

    Inquiry(Shard shard, Command command) {
        this.shard = shard;
        this.attempt = shard.attempt(command.phase(), WireKey.NONE);
    }

    /**
     * Asks for a sign of life. Servers that do not know the command answer {@code error}, which is one too.
     *
     * @throws RejectedException for any other status
     */
    boolean ping() throws InterruptedException {
        return ask(RequestWriter.ping(), reply -> {
            if (reply instanceof Reply.Refused refused && !refused.status().equals("error")) {
                throw attempt.rejected(refused, shard.now());
            }
            return true;
        });
    }

    ServerStats stats() throws InterruptedException {
        return ask(RequestWriter.stats(), reply -> {
            if (reply instanceof Reply.Refused refused) {
                throw attempt.rejected(refused, shard.now());
            }
            return StatsReader.read(shard.server(), ((Reply.Stats) reply).json());
        });
    }

    /** A connection from the pool that turns out to be dead is no answer: a new one is asked then. */
    private <T> T ask(Request request, Answer<T> answer) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before " + attempt.phase() + " at " + shard.server());
        }
        try {
            Connection connection = shard.pool().take(shard.options().connectTimeout());
            try {
                return on(connection, request, answer);
            } catch (ClosedByInterruptException | SocketTimeoutException | MalformedReplyException e) {
                throw e;
            } catch (IOException e) {
                if (!connection.isReused() || shard.pool().isClosed()) {
                    throw e;
                }
            }
            return on(shard.pool().fresh(shard.options().connectTimeout()), request, answer);
        } catch (ClosedByInterruptException e) {
            throw attempt.interrupted();
        } catch (IOException e) {
            throw attempt.broke(e, shard.now());
        }
    }

    private <T> T on(Connection connection, Request request, Answer<T> answer) throws IOException {
        Reply reply = connection.exchange(request, shard.now() + shard.options().responseTimeout());
        try {
            return answer.read(reply);
        } catch (MalformedReplyException e) {
            connection.close();
            throw e;
        } finally {
            shard.pool().put(connection);
        }
    }

    /** What is made of a reply. */
    @FunctionalInterface
    private interface Answer<T> {
        T read(Reply reply) throws MalformedReplyException;
    }
}

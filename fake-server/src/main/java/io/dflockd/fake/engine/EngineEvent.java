package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;

/**
 * What happened in the engine, in the order in which it happened: the server's truth. History, journal and metrics are made of these.
 *
 * <p>{@code at} is the engine's time in nanoseconds, {@code conn} the number of a connection, {@code place} a number that the engine gives to each place in a
 * queue, {@code grantNo} one that rises with every grant of the server.
 */
public sealed interface EngineEvent {

    long at();

    record Connected(long at, long conn) implements EngineEvent {}

    record Disconnected(long at, long conn) implements EngineEvent {}

    /** A place in the queue was taken: by a blocked acquire, which has a {@code deadline}, or by an enqueue, whose deadline is {@link Long#MAX_VALUE}. */
    record Enqueued(long at, long conn, Key key, long place, long limit, boolean blocked, long deadline)
            implements EngineEvent {}

    /** An await began to wait for the place; it gives up at the deadline. */
    record AwaitBegan(long at, long conn, Key key, long place, long deadline) implements EngineEvent {}

    /** A slot was given. {@code place} is 0 if nobody had to queue for it. */
    record Granted(long at, long conn, Key key, String token, long grantNo, long place, long limit, long deadline)
            implements EngineEvent {}

    /** The lease ends at {@code deadline} now, by a renew that {@code conn} sent. */
    record Renewed(long at, long conn, Key key, String token, long deadline) implements EngineEvent {}

    /** The lease starts again, because the grant was fetched by an await. */
    record Rearmed(long at, long conn, Key key, String token, long deadline) implements EngineEvent {}

    record Released(long at, long conn, Key key, String token) implements EngineEvent {}

    /** The engine noticed that the lease is over; {@code forced} if a test said so before its time. */
    record Expired(long at, Key key, String token, boolean forced) implements EngineEvent {}

    /** The holder's connection is gone, and its slot with it. */
    record Revoked(long at, long conn, Key key, String token, String cause) implements EngineEvent {}

    /** A place in the queue is gone without a grant: {@code timeout}, {@code disconnect} or {@code drain}. */
    record Dropped(long at, long conn, Key key, long place, String cause) implements EngineEvent {}

    record Rejected(long at, long conn, Key key, Status status) implements EngineEvent {}

    /** This reply was decided; whether it reaches the client is another matter. */
    record Replied(long at, long conn, Reply reply) implements EngineEvent {}
}

package io.dflockd.chaos.history;

import org.jspecify.annotations.Nullable;

/**
 * One line of a history. Which fields are set depends on the type; {@code docs/history.md} lists them.
 *
 * <p>{@code time} is in nanoseconds of one monotonic clock for the whole history; {@code seq} is the order, and rises by one. Client events are stamped on their
 * safe side: a SEND before the write, a RECEIVE after the read. {@code conn} is the server's number in server events and the client's own number of the
 * connection in client events; the two do not match.
 *
 * @param seq position in the history, from 1
 * @param time nanoseconds
 * @param type what happened
 * @param actor {@code server}, {@code nemesis}, or the name of a client
 * @param conn number of a connection, 0 where none is meant
 * @param op number of a client's operation, or of a place in the server's queue; 0 where none is meant
 * @param key the key
 * @param token the token of a grant
 * @param limit how many may hold the key; 0 where it is not known
 * @param deadline the instant at which a lease or a wait ends, in nanoseconds of the same clock; 0 where none is meant
 * @param text what depends on the type: the line sent or received, the operation invoked, the outcome, a cause, a reason, an effect
 * @param value a number that depends on the type: the grant number, the counter's value
 */
public record Event(
        long seq,
        long time,
        EventType type,
        String actor,
        long conn,
        long op,
        @Nullable String key,
        @Nullable String token,
        long limit,
        long deadline,
        @Nullable String text,
        long value) {}

package io.dflockd.fake.fault;

import java.util.Locale;

/**
 * Where a fault strikes on the way of a connection or of a request.
 *
 * @param point the kind of place
 * @param number which line of the request ({@link Point#AFTER_REQUEST_LINE}) or how many bytes of the reply ({@link Point#DURING_REPLY}); 0 elsewhere
 */
public record Phase(Point point, int number) {

    /** The kinds of places, in the order in which they come. */
    public enum Point {
        ON_CONNECT,
        ON_TLS_HANDSHAKE,
        AFTER_REQUEST_LINE,
        BEFORE_APPLY,
        WHILE_QUEUED,
        AFTER_APPLY_BEFORE_REPLY,
        DURING_REPLY,
        AFTER_REPLY,
        IDLE;

        /** Whether it belongs to a connection and not to one of its requests: the trigger can name no command and no key. */
        public boolean isOfConnection() {
            return this == ON_CONNECT || this == ON_TLS_HANDSHAKE || this == IDLE;
        }
    }

    /** The connection is accepted; nothing was read from it. */
    public static final Phase ON_CONNECT = new Phase(Point.ON_CONNECT, 0);

    /** The client has begun a TLS handshake. Only on servers with TLS. */
    public static final Phase ON_TLS_HANDSHAKE = new Phase(Point.ON_TLS_HANDSHAKE, 0);

    /** The request is parsed; nothing has changed yet. */
    public static final Phase BEFORE_APPLY = new Phase(Point.BEFORE_APPLY, 0);

    /**
     * The request has a place in the queue: an acquire or await that blocks, from the moment at which it blocks; an enqueue, from the moment at which {@code
     * queued} is written. One that need not wait is not struck.
     */
    public static final Phase WHILE_QUEUED = new Phase(Point.WHILE_QUEUED, 0);

    /** The request is carried out and its reply is decided, but not written. For a request that blocks, that is when its wait is over. */
    public static final Phase AFTER_APPLY_BEFORE_REPLY = new Phase(Point.AFTER_APPLY_BEFORE_REPLY, 0);

    /** The whole reply is written. */
    public static final Phase AFTER_REPLY = new Phase(Point.AFTER_REPLY, 0);

    /**
     * The connection has no request under way: at once if it is so when the fault is armed or its schedule changes, else after its next reply. A connection that has
     * just begun is struck after its first reply.
     */
    public static final Phase IDLE = new Phase(Point.IDLE, 0);

    private static final int LINES = 3;

    public Phase {
        switch (point) {
            case AFTER_REQUEST_LINE ->
                check(number >= 1 && number <= LINES, "a request has lines 1 to 3, not " + number);
            case DURING_REPLY ->
                check(number >= 1, "a reply is cut behind its first byte or later, not after " + number);
            default -> check(number == 0, point + " takes no number");
        }
    }

    /**
     * The n-th line of the request has come. What the trigger asks for must be known by then: the command from line 1, the key from line 2.
     *
     * @throws IllegalArgumentException if the line is not 1, 2 or 3
     */
    public static Phase afterRequestLine(int line) {
        return new Phase(Point.AFTER_REQUEST_LINE, line);
    }

    /**
     * So many bytes of the reply are written. If the reply is not longer than that, all but its line feed.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public static Phase duringReply(int bytes) {
        return new Phase(Point.DURING_REPLY, bytes);
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** As in a log: {@code BEFORE_APPLY}, {@code DURING_REPLY(7)}. */
    @Override
    public String toString() {
        return number == 0 ? point.name() : String.format(Locale.ROOT, "%s(%d)", point, number);
    }
}

package io.dflockd.chaos.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** A client's connection, from OPEN to CLOSE. */
final class Connection {

    private final long number;
    private final String actor;
    private final Deque<Exchange> pending = new ArrayDeque<>();
    private final Map<String, Exchange> places = new HashMap<>();
    private long aliveUntil = Long.MIN_VALUE;

    Connection(long number, String actor) {
        this.number = number;
        this.actor = actor;
    }

    long number() {
        return number;
    }

    String actor() {
        return actor;
    }

    Deque<Exchange> pending() {
        return pending;
    }

    /** The enqueue that holds a place of this connection, or its grant, until it is waited for; by queue. */
    Map<String, Exchange> places() {
        return places;
    }

    /**
     * When the server certainly had not lost this connection yet: the newest request that was answered was sent then. Later bytes prove nothing, they may
     * have been on their way when the server let go.
     */
    long aliveUntil() {
        return aliveUntil;
    }

    void answered(Exchange exchange) {
        aliveUntil = Math.max(aliveUntil, exchange.sent().time());
    }
}

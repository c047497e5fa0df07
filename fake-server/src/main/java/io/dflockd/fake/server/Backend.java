package io.dflockd.fake.server;

import io.dflockd.fake.protocol.Command;

/** Who carries out what the sessions ask for. Used under the driver's lock; nothing here may block. */
interface Backend {

    /** A connection begins. */
    void connected(Session session);

    /** Carries out a request; its reply goes to {@link Exchanges#answer}, now or later. */
    void apply(Session session, Command command);

    /** A connection is over. */
    void gone(Session session);

    /** Timers have run: whatever they have decided is passed on. */
    default void afterTimers() {}

    /** Whether this request is turned away whoever sends it. */
    default boolean refuses(Command command) {
        return false;
    }

    /** Whether a request of this connection waits in a queue. */
    default boolean isBlocked(Session session) {
        return false;
    }

    /** Whether its sessions live by the rules of a server. Those of a proxy leave them to the server behind: what is refused, and when a connection ends. */
    default boolean isServer() {
        return true;
    }

    /**
     * The state, for whoever is about to change it from outside.
     *
     * @throws UnsupportedOperationException if it is another server's
     */
    default EngineBackend engine() {
        throw new UnsupportedOperationException(
                "this is " + this
                        + ", whose state and clock are out of reach; use faults that a network can do, kick, partition or refuseConnections");
    }

    /** The peer sent these bytes. Says whether requests are to be found in them. */
    default boolean received(Session session, byte[] bytes, int offset, int length) {
        return true;
    }

    /** Whether the server behind has seen some of the request that has just been parsed. */
    default boolean isUnderWay(Session session) {
        return false;
    }

    /** The session has gone as far as it can. */
    default void settled(Session session) {}

    /** A request and its reply are over, whether the request was carried out or not. */
    default void finished(Session session) {}

    /** A line is too long, and what follows is no request. */
    default void unreadable(Session session) {
        session.refuse();
    }

    /** Whether so many bytes of a peer, not read yet, are so many that it should send no more for now. */
    default boolean isTooMuch(Session session, int buffered) {
        return buffered > Session.MOST_AHEAD;
    }

    /** The server behind, if there is one, is reached by this. */
    default void connectBy(Connector connector) {}

    /** All connections are cut off. */
    default void closeAll() {}

    /** Forgets everything; there are no connections any more. */
    void reset();
}

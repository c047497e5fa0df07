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

    /** Forgets everything; there are no connections any more. */
    void reset();
}

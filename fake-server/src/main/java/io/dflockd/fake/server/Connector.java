package io.dflockd.fake.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The sockets of a server, or whatever a test puts in their place: how a proxy reaches the server behind, and who waits for the next deadline. */
@FunctionalInterface
public interface Connector {

    /** Nobody's sockets. */
    Connector NONE = new Connector() {
        @Override
        public Wire connect(InetSocketAddress server, Receiver receiver) {
            throw new IllegalStateException("nobody has said how to connect; this is a bug in the proxy");
        }
    };

    /**
     * Begins a connection. What is written to the wire before the connection stands is kept until then.
     *
     * @param receiver is told {@link Receiver#writable} when the connection stands, {@link Receiver#reset} if it cannot be made, and then what the server does
     * @throws IOException if it cannot be made, and that is known at once
     */
    Wire connect(InetSocketAddress server, Receiver receiver) throws IOException;

    /** Something changed that whoever waits for the next deadline does not know of: look again. */
    default void wake() {}

    /** Nobody can connect any more; who was not accepted yet is turned away. */
    default void stopListening() {}

    /** Whoever connects is accepted. */
    default void startListening() {}

    /** Turns away everybody who has connected and was not accepted yet. */
    default void clearBacklog() {}
}

package io.dflockd.fake.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The sockets of a server, or whatever a test puts in their place: how a proxy reaches the server behind, and who waits for the next deadline. */
@FunctionalInterface
public interface Connector {

    /**
     * Begins a connection. What is written to the wire before the connection stands is kept until then.
     *
     * @param receiver is told {@link Receiver#writable} when the connection stands, {@link Receiver#reset} if it cannot be made, and then what the server does
     * @throws IOException if it cannot be made, and that is known at once
     */
    Wire connect(InetSocketAddress server, Receiver receiver) throws IOException;

    /** Something changed that whoever waits for the next deadline does not know of: look again. */
    default void wake() {}
}

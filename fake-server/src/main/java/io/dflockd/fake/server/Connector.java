package io.dflockd.fake.server;

import java.io.IOException;
import java.net.InetSocketAddress;

/** How a proxy reaches the server behind: by sockets, or by whatever a test puts in their place. */
@FunctionalInterface
public interface Connector {

    /**
     * Begins a connection. What is written to the wire before the connection stands is kept until then.
     *
     * @param receiver is told {@link Receiver#writable} when the connection stands, {@link Receiver#reset} if it cannot be made, and then what the server does
     * @throws IOException if it cannot be made, and that is known at once
     */
    Wire connect(InetSocketAddress server, Receiver receiver) throws IOException;
}

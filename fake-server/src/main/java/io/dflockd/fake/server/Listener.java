package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * The port of a server, and whether it listens there. A second socket holds the port, bound and never listening, so that it stays the server's own while nobody
 * listens.
 *
 * <p>Any thread may open and close it, and the effect is complete when the call returns. Accepting is the loop's.
 */
final class Listener implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final Selection selection;
    private final Optional<SocketChannel> reservation;
    private final InetSocketAddress address;
    private final Crowd crowd = new Crowd();
    private Optional<ServerSocketChannel> full = Optional.empty();
    private volatile Optional<SelectionKey> key;
    private boolean closed;

    /** What may be done to it. */
    @FunctionalInterface
    interface Change {
        void apply() throws IOException;
    }

    private Listener(Selection selection, Optional<SocketChannel> reservation, ServerSocketChannel first)
            throws IOException {
        this.selection = selection;
        this.reservation = reservation;
        address = (InetSocketAddress) first.getLocalAddress();
        key = Optional.of(selection.watch(first, SelectionKey.OP_ACCEPT));
    }

    /**
     * Takes the port and listens.
     *
     * @throws IOException if the address cannot be listened on
     */
    static Listener open(Selection selection, InetSocketAddress wanted) throws IOException {
        SocketChannel reservation = SocketChannel.open();
        try {
            reservation.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            reservation.bind(wanted);
            ServerSocketChannel first = listen((InetSocketAddress) reservation.getLocalAddress(), BACKLOG);
            return new Listener(selection, Optional.of(reservation), first);
        } catch (IOException | RuntimeException e) {
            boolean reserved = reservation.getLocalAddress() != null;
            reservation.close();
            if (!reserved) {
                throw e;
            }
            LOG.info("{} cannot be held while nobody listens there: {}", wanted, e.toString());
        }
        return new Listener(selection, Optional.empty(), listen(wanted, BACKLOG));
    }

    private static ServerSocketChannel listen(InetSocketAddress where, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            return channel.bind(where, backlog);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Where it listens, or did, with the real port. */
    InetSocketAddress address() {
        return address;
    }

    /** Whoever waits to be accepted next, if it listens and there is somebody. */
    Optional<SocketChannel> accept() throws IOException {
        Optional<SelectionKey> listening = key;
        if (listening.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(((ServerSocketChannel) listening.get().channel()).accept());
        } catch (ClosedChannelException meanwhile) {
            return Optional.empty();
        }
    }

    /** Turns away everybody who waits to be accepted. */
    void clearBacklog() {
        try {
            for (Optional<SocketChannel> late = accept(); late.isPresent(); late = accept()) {
                late.get().close();
            }
        } catch (IOException e) {
            LOG.warn("clearing the backlog of {} failed: {}", this, e.toString());
        }
    }

    /** Takes no more connections, and cuts off those that were not accepted yet. */
    synchronized void stop() throws IOException {
        crowd.close();
        if (full.isPresent()) {
            full.get().close();
            full = Optional.empty();
        }
        Optional<SelectionKey> listening = key;
        key = Optional.empty();
        if (listening.isPresent()) {
            listening.get().channel().close();
            selection.forgetClosed();
        }
    }

    /**
     * Takes connections, again if it did not, on the same port.
     *
     * @throws IOException if the port cannot be listened on any more
     * @throws IllegalStateException if the server is closed
     */
    synchronized void start() throws IOException {
        requireOpen();
        if (key.isEmpty()) {
            stop();
            key = Optional.of(selection.watch(listen(address, BACKLOG), SelectionKey.OP_ACCEPT));
            selection.wakeup();
        }
    }

    /**
     * Lets everybody who connects hang: the queue of those who are to be accepted is as short as can be, full, and never looked at.
     *
     * @throws UnsupportedOperationException if the platform lets them through all the same; then it takes connections
     * @throws IllegalStateException if the server is closed
     */
    synchronized void fill() throws IOException {
        requireOpen();
        if (full.isPresent()) {
            return;
        }
        stop();
        full = Optional.of(listen(address, 1));
        boolean filled = false;
        try {
            filled = crowd.gather(address);
        } finally {
            if (!filled) {
                start();
            }
        }
        if (!filled) {
            throw new UnsupportedOperationException(
                    "this platform does not let connections to " + address + " hang; refuse them instead");
        }
    }

    /** {@link IllegalStateException} if the port was given back. */
    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the server on " + address + " is closed; start another one");
        }
    }

    /** Gives the port back. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        stop();
        if (reservation.isPresent()) {
            reservation.get().close();
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}

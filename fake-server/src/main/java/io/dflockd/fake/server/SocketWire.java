package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * One connection over a non-blocking socket. Whoever writes, under the driver's lock, tries the socket first; only what it does not take waits for the loop.
 *
 * <p>A write that fails is not reported: the loop finds the same at its next read.
 */
final class SocketWire implements Wire {

    /** What is thrown away at most so that a close does not turn into a reset. */
    private static final int MOST_DRAINED = 1 << 20;

    /** What a connection is sent before others have their turn: many replies, but of a long list one. */
    private static final int SHARE = 1 << 16;

    private final SocketChannel channel;
    private final SocketLoop loop;
    private final String peer;
    private final Queue<ByteBuffer> unsent = new ArrayDeque<>();
    private Optional<SelectionKey> key = Optional.empty();
    private boolean closeWhenSent;
    private boolean shutdownWhenSent;
    private boolean broken;
    private long sentInTurn;

    SocketWire(SocketChannel channel, SocketLoop loop) {
        this(channel, loop, channel.socket().getInetAddress());
    }

    /** One that may still have to be connected. */
    SocketWire(SocketChannel channel, SocketLoop loop, InetAddress peer) {
        this.channel = channel;
        this.loop = loop;
        this.peer = peer.getHostAddress();
    }

    @Override
    public String peer() {
        return peer;
    }

    /** From now on the loop watches the socket. */
    void watchedBy(SelectionKey registration) {
        key = Optional.of(registration);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void write(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (unsent.isEmpty()) {
            send(buffer);
        }
        boolean wasSated = isSated();
        sentInTurn += bytes.length;
        if (isSated() && !wasSated) {
            waitForTurn();
        }
        if (buffer.hasRemaining()) {
            unsent.add(buffer);
            interest(SelectionKey.OP_WRITE, true);
        }
    }

    private void send(ByteBuffer buffer) {
        if (channel.isConnectionPending()) {
            return;
        }
        try {
            channel.write(buffer);
        } catch (IOException gone) {
            LOG.debug("a write to {} failed: {}", channel, gone.toString());
            buffer.position(buffer.limit());
            broken = true;
        }
    }

    @Override
    public void flush() {
        while (!unsent.isEmpty()) {
            send(unsent.element());
            if (unsent.element().hasRemaining()) {
                return;
            }
            unsent.remove();
        }
        sentInTurn = 0;
        interest(SelectionKey.OP_WRITE, false);
        if (closeWhenSent) {
            close();
        } else if (shutdownWhenSent) {
            shutdownOutput();
        }
    }

    @Override
    public boolean isCongested() {
        return !unsent.isEmpty();
    }

    @Override
    public boolean isSated() {
        return sentInTurn > SHARE;
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public void pauseReading() {
        interest(SelectionKey.OP_READ, false);
    }

    @Override
    public void resumeReading() {
        interest(SelectionKey.OP_READ, true);
    }

    @Override
    public void pauseWriting() {
        interest(SelectionKey.OP_WRITE, false);
    }

    @Override
    public void resumeWriting() {
        interest(SelectionKey.OP_WRITE, isCongested());
        if (isSated()) {
            waitForTurn();
        }
    }

    /** Not by waiting until the socket takes more: it does not say so as soon as it does. But to be connected is waited for like that. */
    private void waitForTurn() {
        key.filter(registration -> !channel.isConnectionPending()).ifPresent(loop::haveTurnLater);
    }

    private void interest(int operation, boolean on) {
        key.filter(SelectionKey::isValid).ifPresent(registration -> {
            if (on) {
                registration.interestOpsOr(operation);
            } else {
                registration.interestOpsAnd(~operation);
            }
            loop.wake();
        });
    }

    @Override
    public void close() {
        if (isCongested()) {
            closeWhenSent = true;
            return;
        }
        try {
            if (channel.isConnected()) {
                drain();
            }
        } catch (IOException gone) {
            LOG.debug("{} was gone before it was closed: {}", channel, gone.toString());
        }
        release();
    }

    @Override
    public void shutdownOutput() {
        shutdownWhenSent = isCongested() || channel.isConnectionPending();
        if (!shutdownWhenSent) {
            try {
                channel.shutdownOutput();
            } catch (IOException gone) {
                LOG.debug("{} was gone before its output was shut: {}", channel, gone.toString());
            }
        }
    }

    /** A socket that is closed with unread bytes sends a reset, which may overtake the last line. */
    private void drain() throws IOException {
        int drained = 0;
        for (int n = channel.read(loop.waste.clear());
                n > 0 && drained < MOST_DRAINED;
                n = channel.read(loop.waste.clear())) {
            drained += n;
        }
    }

    @Override
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException gone) {
            LOG.debug("{} was gone before it was reset: {}", channel, gone.toString());
        }
        release();
    }

    private void release() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed: {}", channel, e.toString());
        }
        loop.wake();
    }
}

package io.dflockd.client.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads of a channel in blocking mode, each with a time limit. An interrupt of the reader, or {@link #close} by another thread, ends the read and the connection,
 * also as the server sees it.
 *
 * <p>For a virtual thread that needs more than the JDK's read. There a poller of the JDK waits for the socket, and if it looks at the socket just when that is
 * closed, Linux keeps the connection open until the poller's next event, which may never come. Therefore a virtual thread waits with a selector of its own:
 * a channel that is registered is shut down before it is closed, which tells the server whoever still looks at the socket.
 */
final class TimedRead implements Closeable {

    /** From here on a virtual thread that waits in a selector does not keep its carrier. */
    private static final int SELECTING_IS_CHEAP = 25;

    private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

    private final SocketChannel channel;
    private final InputStream in;
    private volatile @Nullable Selector waiting;

    TimedRead(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.in = channel.socket().getInputStream();
    }

    /** As {@link io.dflockd.client.spi.Transport#read}, but it always waits if there is nothing to read. */
    int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        if (length > 0 && onVirtualThread()) {
            return select(ByteBuffer.wrap(buffer, offset, length), timeoutNanos);
        }
        channel.socket().setSoTimeout(SocketTransport.millis(timeoutNanos));
        return in.read(buffer, offset, length);
    }

    /** Closes the channel and wakes who reads it. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            Selector reader = waiting;
            if (reader != null) {
                reader.wakeup();
            }
        }
    }

    private int select(ByteBuffer into, long timeoutNanos) throws IOException {
        long begin = System.nanoTime();
        channel.configureBlocking(false);
        try {
            closeIfInterrupted();
            int count = channel.read(into);
            if (count != 0) {
                return count;
            }
            try (Selector selector = channel.provider().openSelector()) {
                channel.register(selector, SelectionKey.OP_READ);
                waiting =
                        selector; // before the channel is read again, so that close() wakes this thread or this thread
                // sees that it is closed
                return await(selector, into, begin, timeoutNanos);
            } catch (ClosedChannelException e) {
                throw e instanceof AsynchronousCloseException ? e : new AsynchronousCloseException();
            } finally {
                waiting = null;
            }
        } finally {
            if (channel.isOpen()) {
                channel.configureBlocking(true);
            }
        }
    }

    private int await(Selector selector, ByteBuffer into, long begin, long timeoutNanos) throws IOException {
        int count = channel.read(into);
        while (count == 0) {
            long left = timeoutNanos - (System.nanoTime() - begin);
            if (left <= 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            selector.select(SocketTransport.millis(left));
            closeIfInterrupted();
            selector.selectedKeys().clear();
            count = channel.read(into);
        }
        return count;
    }

    /** What the JDK's read does; here while the channel is registered, if it has been waited for. */
    private void closeIfInterrupted() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            channel.close();
            throw new ClosedByInterruptException();
        }
    }

    private static boolean onVirtualThread() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new AssertionError("Thread.isVirtual() throws nothing", e);
        }
    }

    /** {@code Thread.isVirtual()}, which Java 17 has not. */
    private static @Nullable MethodHandle isVirtual() {
        if (Runtime.version().feature() < SELECTING_IS_CHEAP) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("every JDK from 21 on has Thread.isVirtual()", e);
        }
    }
}

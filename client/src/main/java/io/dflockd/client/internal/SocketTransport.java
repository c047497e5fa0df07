package io.dflockd.client.internal;

import io.dflockd.client.internal.WatchedChannel.Noise;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A TCP connection. An interrupt ends a blocked read, and the connection, on platform and virtual threads alike (DESIGN rule 11). */
final class SocketTransport implements Transport {

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** Whoever waits for longer than 30 years does not want a time limit, which would not be for free. */
    private static final long FOR_EVER = WireTime.MAX_NANOS / 2;

    private final SocketChannel channel;
    private final TimedRead reads;
    private final ByteBuffer oneByte = ByteBuffer.allocate(1);
    private boolean disturbed;
    private final WatchedChannel.Stays watching;

    SocketTransport(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.reads = new TimedRead(channel);
        this.watching = new WatchedChannel.Stays(channel, this::listen);
    }

    /** A connected channel in blocking mode. */
    static SocketChannel connect(InetAddress host, int port, long timeoutNanos, Consumer<Closeable> opening)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            opening.accept(channel);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(new InetSocketAddress(host, port), millis(timeoutNanos));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        channel.write(buffer); // whichever mode it is in: a request does not wait for the watching thread
        if (buffer.hasRemaining()) {
            watching.end();
        }
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        watching.end();
        if (timeoutNanos <= 0) {
            int read = readWithoutWaiting(ByteBuffer.wrap(buffer, offset, length));
            if (read == 0) {
                throw new SocketTimeoutException("nothing to read");
            }
            return read;
        }
        return reads.read(buffer, offset, length, timeoutNanos);
    }

    @Override
    public boolean isQuiet() {
        try {
            watching.end();
            disturbed |= readWithoutWaiting(oneByte.clear()) != 0; // which takes the byte, so it has to be remembered
        } catch (IOException e) {
            disturbed = true;
        }
        return !disturbed;
    }

    @Override
    public void watch(IdleWatch watch, IdleListener listener) {
        watching.begin(watch, listener);
    }

    /** Only begins; what needs blocking mode waits for the rest. So a release is on its way while the watching thread still gives the connection back. */
    @Override
    public void unwatch() throws IOException {
        watching.beginToEnd();
    }

    @Override
    public void close() {
        watching.close(reads);
    }

    /** Nobody has asked, so that whatever comes ends the connection. It is in non-blocking mode. */
    private Noise listen() {
        try {
            disturbed |= channel.read(oneByte.clear()) != 0;
        } catch (IOException e) {
            disturbed = true;
        }
        return disturbed ? Noise.OVER : Noise.NONE;
    }

    private int readWithoutWaiting(ByteBuffer buffer) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(buffer);
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** Rounded up: a wait of less than a millisecond must not become "for ever", which is what zero means to a socket. */
    static int millis(long nanos) {
        if (nanos > FOR_EVER) {
            return 0;
        }
        long millis = nanos / NANOS_PER_MILLI + (nanos % NANOS_PER_MILLI > 0 ? 1 : 0);
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis));
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.internal.WatchedChannel.Noise;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connected channel as the socket below TLS. All its reads together end at one instant: a time limit of the socket would begin anew with every byte that a slow
 * peer sends of a handshake or a record.
 */
final class DeadlineSocket extends Socket {

    private static final int LISTENED = 64;

    private final SocketChannel channel;
    private final Socket below;
    private final TimedRead reads;
    private volatile long deadline;

    /** Bytes that were taken from the channel by listening, for the next reads; in the state for reading. */
    private final ByteBuffer ahead = ByteBuffer.allocate(LISTENED).flip();

    DeadlineSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.below = channel.socket();
        this.reads = new TimedRead(channel);
    }

    /** Reads from now on throw {@link SocketTimeoutException} when they would go on for longer than this. */
    void limit(long nanos) {
        deadline = System.nanoTime() + nanos;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(below.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                if (ahead.hasRemaining() && length > 0) {
                    int count = Math.min(length, ahead.remaining());
                    ahead.get(buffer, offset, count);
                    return count;
                }
                return reads.read(buffer, offset, length, left());
            }
        };
    }

    /** Takes what has arrived, to tell bytes, which TLS also sends of its own, from the end of the stream. The channel is in non-blocking mode. */
    Noise listen() {
        ahead.compact();
        try {
            int count = channel.read(ahead);
            while (count > 0 && ahead.hasRemaining()) {
                count = channel.read(ahead);
            }
            if (count < 0) {
                return Noise.OVER;
            }
        } catch (IOException e) {
            return Noise.OVER;
        } finally {
            ahead.flip();
        }
        return ahead.hasRemaining() ? Noise.BYTES : Noise.NONE;
    }

    private long left() throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        return left;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return below.getOutputStream();
    }

    @Override
    public boolean isConnected() {
        return below.isConnected();
    }

    @Override
    public boolean isBound() {
        return below.isBound();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public InetAddress getInetAddress() {
        return below.getInetAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return below.getLocalAddress();
    }

    @Override
    public int getPort() {
        return below.getPort();
    }

    @Override
    public int getLocalPort() {
        return below.getLocalPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return below.getRemoteSocketAddress();
    }

    @Override
    public void setSoTimeout(int millis) {
        // The deadline is what counts.
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // closing must never wait for who reads
    public void close() throws IOException {
        reads.close();
    }

    @Override
    public String toString() {
        return below.toString();
    }
}

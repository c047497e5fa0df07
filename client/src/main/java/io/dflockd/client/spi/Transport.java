package io.dflockd.client.spi;

import java.io.Closeable;
import java.io.IOException;

/**
 * One connection as bytes in and bytes out. Used by one thread at a time, {@link #close} excepted.
 *
 * <p>A thread that is interrupted while it reads or writes finds the connection closed and gets a {@link java.nio.channels.ClosedByInterruptException}.
 */
public interface Transport extends Closeable {

    /**
     * Writes all the bytes.
     *
     * @throws IOException if the connection is dead; how much was sent is then unknown
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Waits for at least one byte.
     *
     * @param timeoutNanos the longest wait; zero or less takes only what is already there
     * @return how many bytes were read, or -1 at the end of the stream
     * @throws java.net.SocketTimeoutException if none came in time; the connection is as good as before
     * @throws IOException if the connection is dead
     */
    int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException;

    /** Whether the connection is open, with no unread byte and no end of stream: fit for the next request. Never waits. */
    boolean isQuiet();

    /**
     * From now until {@link #unwatch} has returned the connection is idle: nobody reads, writes or asks {@link #isQuiet}. As soon as it is not quiet, or has been
     * closed, {@code listener} is called, at most once. Never waits.
     *
     * @param watch of the runtime that made this connection
     */
    void watch(IdleWatch watch, IdleListener listener);

    /**
     * Ends {@link #watch}: what arrives from now on is heard by nobody but {@link #read} and {@link #isQuiet}. Does nothing if it is not watched. This, or the first
     * read, write or look afterwards, waits for the watching thread, but not for long, and not any longer once the connection is closed. Not ended by an interrupt, which
     * is kept. Between this and the next {@link #watch} something is read.
     *
     * @throws IOException if the connection is closed, or could not be got back in time and has been closed therefore
     */
    void unwatch() throws IOException;

    /**
     * Closes the connection; never blocks behind a read or a write of another thread, and wakes it. Idempotent. If the listener of {@link #watch} calls it while it
     * hears of its own connection, that may be closed a moment later, after others have heard of theirs.
     */
    @Override
    void close();
}

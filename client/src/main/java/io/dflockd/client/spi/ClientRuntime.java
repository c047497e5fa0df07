package io.dflockd.client.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * Everything the client asks of the world. No other code of the client touches a clock, a thread, a lock or a socket.
 *
 * <p>Implementations are used by many threads at once.
 */
public interface ClientRuntime {

    /** A monotonic clock in nanoseconds, as {@link System#nanoTime()}: only differences mean anything. */
    long nanoTime();

    /**
     * Opens a connection, TLS handshake included.
     *
     * @param timeoutNanos how long it may take, name resolution excepted; positive
     * @throws java.net.SocketTimeoutException if it took longer
     * @throws IOException if nobody listens there, the name is unknown, or the handshake failed; an interrupt shows as
     *     {@link java.nio.channels.ClosedByInterruptException}
     */
    Transport connect(ServerAddress server, long timeoutNanos) throws IOException;

    /**
     * As {@link #connect(ServerAddress, long)}, and can be ended before its time by another thread. A runtime that cannot do that leaves this as it is: then whoever connects
     * while the client is closed goes on until its time is over.
     *
     * @param opening is given whatever is opened on the way before it is waited for; when that is closed, this throws an {@link IOException} soon
     */
    default Transport connect(ServerAddress server, long timeoutNanos, Consumer<Closeable> opening) throws IOException {
        return connect(server, timeoutNanos);
    }

    /**
     * A way to wait for something to happen on many of its connections at once.
     *
     * @throws IOException if there is none to be had, as when too many files are open
     */
    IdleWatch newIdleWatch() throws IOException;

    /**
     * Starts a daemon thread that runs {@code body}. The name begins with {@code dflockd-}. May throw anything if there is no room for another thread, as the JDK does with an
     * {@link OutOfMemoryError}; then {@code body} does not run.
     */
    RunningThread startThread(String name, Runnable body);

    /** A new reentrant lock, whose conditions count time as {@link #nanoTime} does. */
    Lock newLock();

    /** A number from 0 (inclusive) to 1 (exclusive), to spread renewals; never used for anything that must not be guessed. */
    double random();
}

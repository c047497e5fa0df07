package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import io.dflockd.client.spi.ServerAddress;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;

/**
 * The connections to one server: a small stack of idle ones, and the list of all that are open, so that they can be closed with the client.
 *
 * <p>Idle connections are dropped long before the server would (DESIGN rule 8). Whether one is still alive is found out by {@link Connection#send}.
 */
final class ConnectionPool {

    private static final int MOST_IDLE = 64;

    private final ClientOptions options;
    private final ServerAddress server;
    private final RenewalLane lane;
    private final Observer observer;
    private final Lock lock;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final Set<Connection> open = new LinkedHashSet<>();
    private final Set<Closeable> opening = ConcurrentHashMap.newKeySet();
    private final IdleSweep sweep = new IdleSweep();
    private boolean sweeping;
    private boolean closed;

    ConnectionPool(ClientOptions options, ServerAddress server, RenewalLane lane, Observer observer) {
        this.options = options;
        this.server = server;
        this.lane = lane;
        this.observer = observer;
        this.lock = options.runtime().newLock();
    }

    /** The connection that was used last, or a new one, for which the caller waits no longer than {@code timeoutNanos}. */
    Connection take(long timeoutNanos) throws IOException {
        long oldest = options.runtime().nanoTime() - options.longestSilence();
        lock.lock();
        try {
            Connection last = idle.peekLast();
            if (last != null && last.idleSince() - oldest > 0) {
                idle.removeLast();
                return last;
            }
        } finally {
            lock.unlock();
        }
        return fresh(timeoutNanos);
    }

    /** A new connection, on which the secret has been accepted if there is one. */
    Connection fresh(long timeoutNanos) throws IOException {
        requireOpen();
        long deadline = options.runtime().nanoTime() + timeoutNanos;
        Connection connection = open(timeoutNanos);
        if (!keepTrackOf(connection)) {
            connection.close();
            throw new EOFException("the client is closed");
        }
        observer.connectionOpened();
        if (options.secret().isPresent()) {
            Login.perform(connection, options.secret().get(), deadline);
        }
        return connection;
    }

    private Connection open(long timeoutNanos) throws IOException {
        List<Closeable> mine = new ArrayList<>(1);
        try {
            return Connection.open(options.runtime(), server, timeoutNanos, next -> begin(next, mine), this::forget);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            requireOpen();
            throw e;
        } finally {
            mine.forEach(opening::remove);
        }
    }

    /** So that {@link #close} ends the wait for it. */
    private void begin(Closeable next, List<Closeable> mine) {
        mine.add(next);
        opening.add(next);
        if (isClosed()) {
            end(next);
        }
    }

    private static void end(Closeable begun) {
        try {
            begun.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private boolean keepTrackOf(Connection connection) {
        lock.lock();
        try {
            return !closed && open.add(connection);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes back a connection on which a release was answered. After any answer but {@code ok} and plain {@code error} something may still be held, so that it is
     * closed, which frees it.
     */
    void putAfterRelease(Connection connection, Reply answer) {
        if (answer instanceof Reply.Refused refused && !refused.status().equals("error")) {
            connection.close();
        } else {
            put(connection);
        }
    }

    /** Takes back a connection that holds nothing and waits for nothing; closes it if the server is about to do that. */
    void put(Connection connection) {
        if (connection.isClosed() || connection.pending() != null || connection.mayEnd()) {
            connection.close();
            return;
        }
        long now = options.runtime().nanoTime();
        boolean startSweeping;
        lock.lock();
        try {
            boolean kept = !closed && idle.size() < MOST_IDLE;
            if (kept) {
                connection.rest(now);
                idle.addLast(connection);
            }
            startSweeping = kept && !sweeping;
            sweeping |= kept;
            if (kept && !startSweeping) {
                return;
            }
        } finally {
            lock.unlock();
        }
        if (!startSweeping) {
            connection.close();
        } else if (!lane.schedule(sweep, now + options.longestSilence())) {
            sweepLater();
        }
    }

    /** Has the next connection that is put back start the sweep, since there was no thread for it. */
    private void sweepLater() {
        lock.lock();
        try {
            sweeping = false;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Closes everything that is open, in use or not, or being opened. */
    void close() {
        List<Connection> all;
        lock.lock();
        try {
            closed = true;
            idle.clear();
            all = new ArrayList<>(open);
        } finally {
            lock.unlock();
        }
        opening.forEach(ConnectionPool::end);
        all.forEach(Connection::close);
    }

    private void requireOpen() throws EOFException {
        if (isClosed()) {
            throw new EOFException("the client is closed");
        }
    }

    private void forget(Connection connection) {
        boolean first;
        lock.lock();
        try {
            first = open.remove(connection);
        } finally {
            lock.unlock();
        }
        if (first) {
            observer.connectionClosed(connection.turn());
        }
    }

    /** Drops what has been idle for too long. */
    private final class IdleSweep extends LaneTask {

        @Override
        boolean runsAgain() {
            return true;
        }

        @Override
        void run() {
            long now = options.runtime().nanoTime();
            long oldest = now - options.longestSilence();
            List<Connection> dropped = new ArrayList<>();
            long next = now;
            boolean more;
            lock.lock();
            try {
                while (!idle.isEmpty() && idle.getFirst().idleSince() - oldest <= 0) {
                    dropped.add(idle.removeFirst());
                }
                more = !idle.isEmpty();
                sweeping = more;
                if (more) {
                    next = idle.getFirst().idleSince() + options.longestSilence();
                }
            } finally {
                lock.unlock();
            }
            dropped.forEach(Connection::close);
            if (more) {
                lane.schedule(this, next);
            }
        }
    }
}

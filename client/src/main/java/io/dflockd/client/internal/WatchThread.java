package io.dflockd.client.internal;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a client that watches idle connections, so that a lost one is noticed although nobody reads (DESIGN rule 4). It starts when there is
 * something to watch, and ends when there has been nothing for a while.
 *
 * <p>Its lock is held for moments only, never while the thread waits or a listener is called.
 */
final class WatchThread {

    private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);
    private static final long LINGER = TimeUnit.SECONDS.toNanos(5);

    /** After how long a thread for a notice is asked for again. */
    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(250);

    private final ClientRuntime runtime;
    private final LossNotices notices;
    private final Lock lock;
    private @Nullable IdleWatch current;
    private @Nullable RunningThread thread;
    private boolean failing;
    private boolean closed;

    WatchThread(ClientRuntime runtime, LossNotices notices) {
        this.runtime = runtime;
        this.notices = notices;
        this.lock = runtime.newLock();
    }

    /** Has a connection watched; false if that cannot be, so that only the next exchange on it will tell. */
    boolean watch(Transport transport, IdleListener listener) {
        IOException trouble;
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            IdleWatch watch = current;
            if (watch == null) {
                watch = runtime.newIdleWatch();
                start(watch);
            }
            transport.watch(watch, listener);
            return true;
        } catch (IOException e) {
            if (failing) {
                return false;
            }
            failing = true;
            trouble = e;
        } finally {
            lock.unlock();
        }
        LOG.warn("idle connections cannot be watched, so that a lost one is noticed at the next renewal only", trouble);
        return false;
    }

    private void start(IdleWatch watch) throws IOException {
        try {
            thread = runtime.startThread("dflockd-watch", () -> work(watch));
        } catch (RuntimeException | Error e) { // as when the system has no more
            watch.close();
            throw new IOException("no thread could be started", e);
        }
        current = watch;
        failing = false;
    }

    /** Ends the thread; what is still watched hears nothing any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            if (current != null) {
                current.wakeUp();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the thread to end; false if it has not at {@code deadline}. */
    boolean join(long deadline) {
        RunningThread last;
        lock.lock();
        try {
            last = thread;
        } finally {
            lock.unlock();
        }
        return last == null || last.join(deadline - runtime.nanoTime());
    }

    private void work(IdleWatch watch) {
        long idleUntil = runtime.nanoTime() + LINGER;
        boolean usable = true;
        while (usable && !ends(watch, idleUntil)) {
            boolean waiting = notices.callAgain();
            try {
                watch.await(waiting ? RETRY : LINGER);
            } catch (IOException e) {
                LOG.error("idle connections are not watched any more, until their next renewals", e);
                usable = false;
            } catch (RuntimeException | Error e) { // the news of all other connections depend on this thread
                LOG.error("a lost connection could not be told; this is a mistake in the client", e);
            }
            if (waiting || !watch.isEmpty()) {
                idleUntil = runtime.nanoTime() + LINGER;
            }
        }
        lock.lock();
        try {
            forget(watch);
        } finally {
            lock.unlock();
        }
    }

    /** Decided under the lock, so that nothing is added to what has ended. */
    private boolean ends(IdleWatch watch, long idleUntil) {
        lock.lock();
        try {
            boolean over = closed || (watch.isEmpty() && idleUntil - runtime.nanoTime() <= 0);
            if (over) {
                forget(watch);
            }
            return over;
        } finally {
            lock.unlock();
        }
    }

    private void forget(IdleWatch watch) {
        if (current == watch) {
            current = null;
        }
        watch.close();
    }
}

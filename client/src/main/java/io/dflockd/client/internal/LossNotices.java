package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.RunningThread;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the listeners of lost leases on threads of their own, so that one that blocks delays no renewal (DESIGN rule 5). At most {@link #MOST_THREADS} at once;
 * what comes then has to wait. The threads end when there is nothing to tell.
 */
final class LossNotices {

    private static final Logger LOG = LoggerFactory.getLogger(LossNotices.class);
    private static final int MOST_THREADS = 32;

    /** When a server dies, thousands of losses come at once: a thread for each would delay the last by seconds. */
    private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(100);

    private final ClientRuntime runtime;
    private final Lock lock;
    private final Condition more;
    private final ArrayDeque<Runnable> untold = new ArrayDeque<>();
    private final Map<Integer, RunningThread> threads = new LinkedHashMap<>();
    private final Map<Integer, Thread> identities = new LinkedHashMap<>();
    private int started;
    private int resting;

    /** Whether a thread was called that has not come yet. */
    private boolean coming;

    private boolean closing;
    private boolean warned;

    LossNotices(ClientRuntime runtime) {
        this.runtime = runtime;
        this.lock = runtime.newLock();
        this.more = lock.newCondition();
    }

    /** Has every listener told; returns at once. */
    void tell(List<Consumer<LeaseLost>> listeners, LeaseLost loss) {
        if (listeners.isEmpty()) {
            return;
        }
        boolean warn;
        lock.lock();
        try {
            listeners.forEach(listener -> untold.addLast(() -> call(listener, loss)));
            warn = callSomebody();
        } finally {
            lock.unlock();
        }
        warn(warn);
    }

    /**
     * Sees to it that a thread comes for what is untold, and no more than one at a time: whoever comes calls the next one if there is more. To wake a thread for each
     * of thousands of losses would take longer than all else about them.
     *
     * @return whether it is to be said that there are no more threads
     */
    private boolean callSomebody() {
        if (coming || untold.isEmpty()) {
            return false;
        }
        if (resting > 0) {
            coming = true;
            more.signal();
        } else if (threads.size() < MOST_THREADS) {
            int number = started++;
            threads.put(number, runtime.startThread("dflockd-lost-" + number, () -> work(number)));
            coming = true;
        } else {
            boolean first = !warned;
            warned = true;
            return first;
        }
        return false;
    }

    private static void warn(boolean really) {
        if (really) {
            LOG.warn("{} listeners of lost leases are running; further ones have to wait", MOST_THREADS);
        }
    }

    /** Waits for the listeners that run, except when called by one; false if one has not ended at {@code deadline}. */
    boolean join(long deadline) {
        lock.lock();
        try {
            closing = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        while (true) {
            RunningThread next = other();
            if (next == null) {
                return true;
            }
            if (!next.join(deadline - runtime.nanoTime())) {
                return false;
            }
        }
    }

    private @Nullable RunningThread other() {
        lock.lock();
        try {
            for (Map.Entry<Integer, RunningThread> thread : threads.entrySet()) {
                if (identities.get(thread.getKey()) != Thread.currentThread()) {
                    return thread.getValue();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void work(int number) {
        lock.lock();
        try {
            identities.put(number, Thread.currentThread());
            coming = false;
        } finally {
            lock.unlock();
        }
        Runnable notice = next(number);
        while (notice != null) {
            notice.run();
            notice = next(number);
        }
    }

    private @Nullable Runnable next(int number) {
        boolean warn = false;
        lock.lock();
        try {
            long until = runtime.nanoTime() + LINGER;
            while (untold.isEmpty() && !closing && until - runtime.nanoTime() > 0) {
                rest(until);
            }
            Runnable notice = untold.pollFirst();
            if (notice == null) {
                threads.remove(number);
                identities.remove(number);
            } else {
                warn = callSomebody();
            }
            return notice;
        } finally {
            lock.unlock();
            warn(warn);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // next() is the loop
    private void rest(long until) {
        resting++;
        try {
            more.awaitNanos(until - runtime.nanoTime());
        } catch (InterruptedException e) {
            LOG.debug("a listener left an interrupt behind; the thread goes on");
        } finally {
            resting--;
            coming = false;
        }
    }

    /** Whatever a listener throws, it is the listener's affair: an error here would end the thread and leave others untold. */
    static void call(Consumer<LeaseLost> listener, LeaseLost loss) {
        try {
            listener.accept(loss);
        } catch (Throwable e) {
            LOG.error("a listener of the lost lease '{}' failed", loss.key(), e);
        }
    }
}

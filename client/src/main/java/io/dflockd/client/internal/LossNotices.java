package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.RunningThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the listeners of lost leases, and what else must not delay renewals or the news of other losses, on threads of their own (DESIGN rule 5). At most
 * {@link #MOST_THREADS} at once; what comes then has to wait. The threads end when there is nothing to tell.
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

    /** Those that are alive, and those that end just now or have ended. */
    private final List<Teller> tellers = new ArrayList<>();

    private int alive;
    private int started;
    private int resting;

    /** Whether a thread was called that has not come yet. */
    private boolean coming;

    private boolean closing;
    private boolean full;
    private boolean threadless;

    LossNotices(ClientRuntime runtime) {
        this.runtime = runtime;
        this.lock = runtime.newLock();
        this.more = lock.newCondition();
    }

    /** Has every listener told; returns at once. If there is no thread for it, that is logged, and it waits for one. */
    void tell(List<Consumer<LeaseLost>> listeners, LeaseLost loss) {
        listeners.forEach(listener -> add(() -> call(listener, loss), true));
    }

    /** Has a notice told that throws nothing, as {@link #tell}; false if the client is being closed, which might not wait for it any more. */
    boolean offer(Runnable notice) {
        return add(notice, false);
    }

    private boolean add(Runnable notice, boolean alsoLate) {
        Runnable complaint;
        lock.lock();
        try {
            if (closing && !alsoLate) {
                return false;
            }
            untold.addLast(notice);
            complaint = callSomebody();
        } finally {
            lock.unlock();
        }
        say(complaint);
        return true;
    }

    /** Tries once more to start a thread if one is wanted and could not be started; true if it still is. */
    boolean callAgain() {
        Runnable complaint;
        boolean still;
        lock.lock();
        try {
            complaint = callSomebody();
            still = !coming && !untold.isEmpty() && alive < MOST_THREADS;
        } finally {
            lock.unlock();
        }
        say(complaint);
        return still;
    }

    /**
     * Sees to it that a thread comes for what is untold, and no more than one at a time: whoever comes calls the next one if there is more. To wake a thread for each
     * of thousands of losses would take longer than most else about them.
     *
     * @return what is to be logged, without the lock
     */
    private Runnable callSomebody() {
        if (coming || untold.isEmpty()) {
            return LossNotices::nothing;
        }
        if (resting > 0) {
            coming = true;
            more.signal();
            return LossNotices::nothing;
        }
        if (alive < MOST_THREADS) {
            return start(new Teller());
        }
        boolean first = !full;
        full = true;
        return first
                ? () -> LOG.warn("{} listeners of lost leases are running; further ones have to wait", MOST_THREADS)
                : LossNotices::nothing;
    }

    private Runnable start(Teller teller) {
        try {
            teller.thread = runtime.startThread("dflockd-lost-" + started, teller);
        } catch (RuntimeException | Error e) { // as when the system has no more
            boolean first = !threadless;
            threadless = true;
            return first
                    ? () -> LOG.error("no thread could be started to tell of lost leases; they are told later", e)
                    : LossNotices::nothing;
        }
        threadless = false;
        started++;
        alive++;
        coming = true;
        tellers.removeIf(Teller::isGone);
        tellers.add(teller);
        return LossNotices::nothing;
    }

    /** Nothing to complain of. */
    private static void nothing() {}

    private static void say(Runnable complaint) {
        try {
            complaint.run();
        } catch (Throwable silent) {
            // As when there is no memory for it either. What this thread does is more important.
        }
    }

    /** Waits for what is to be told and for the threads to end, except when called by one; false if one has not ended at {@code deadline}. */
    boolean join(long deadline) {
        lock.lock();
        try {
            closing = true;
            more.signalAll();
        } finally {
            lock.unlock();
        }
        if (callAgain()) {
            LOG.error("the client is closed, and there was no thread to tell the listeners of lost leases");
        }
        for (Teller next = other(null); next != null; next = other(next)) {
            if (!next.join(deadline - runtime.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    private @Nullable Teller other(@Nullable Teller ended) {
        lock.lock();
        try {
            tellers.remove(ended);
            for (Teller teller : tellers) {
                if (teller.identity != Thread.currentThread()) {
                    return teller;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** One of the threads. */
    private final class Teller implements Runnable {

        private @Nullable RunningThread thread;
        private @Nullable Thread identity;
        private boolean over;

        @Override
        public void run() {
            lock.lock();
            try {
                identity = Thread.currentThread();
                coming = false;
            } finally {
                lock.unlock();
            }
            Runnable notice = next();
            while (notice != null) {
                notice.run();
                notice = next();
            }
        }

        private @Nullable Runnable next() {
            Runnable complaint = LossNotices::nothing;
            lock.lock();
            try {
                long until = runtime.nanoTime() + LINGER;
                while (untold.isEmpty() && !closing && until - runtime.nanoTime() > 0) {
                    rest(until);
                }
                Runnable notice = untold.pollFirst();
                if (notice == null) {
                    alive--;
                    over = true;
                    identity = null;
                } else {
                    complaint = callSomebody();
                }
                return notice;
            } finally {
                lock.unlock();
                say(complaint);
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

        boolean isGone() {
            return over && join(0);
        }

        boolean join(long timeoutNanos) {
            RunningThread running = thread;
            return running == null || running.join(timeoutNanos);
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

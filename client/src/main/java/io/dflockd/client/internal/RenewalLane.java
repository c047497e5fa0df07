package io.dflockd.client.internal;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.RunningThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work for one server: renewals first of all. A stalled connection never delays the others (DESIGN rule 9).
 *
 * <p>One thread does the tasks one after the other, at their times. A task that has not come back within {@link #STALL} keeps its thread, and another thread goes
 * on; so it does when the first task in line is late by as much. Threads start when there is something to do and end when there has been nothing for a
 * while; an acquire that is released soon only adds a task and removes it, and wakes nobody.
 *
 * <p>Its lock is held for moments only, never while a task runs.
 */
final class RenewalLane {

    private static final Logger LOG = LoggerFactory.getLogger(RenewalLane.class);

    /** How long a renewal may take before another thread goes on with the next. */
    static final long STALL = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LINGER = TimeUnit.SECONDS.toNanos(5);
    private static final int MOST_THREADS = 16;
    private static final int MOST_WAITS = 8;
    private static final int MOST_RESTING = 2;
    private static final int NOBODY = -1;

    private final ClientRuntime runtime;
    private final String name;
    private final Lock lock;
    private final Condition changed;
    private final TaskHeap tasks = new TaskHeap();
    private final List<LaneTask> running = new ArrayList<>();
    private final @Nullable RunningThread[] threads = new @Nullable RunningThread[MOST_THREADS];
    private final boolean[] alive = new boolean[MOST_THREADS];
    private @Nullable LaneTask active;
    private long activeSince;
    private int leader = NOBODY;
    private long leaderWakes;
    private int resting;
    private int waits;
    private boolean closed;

    RenewalLane(ClientRuntime runtime, String name) {
        this.runtime = runtime;
        this.name = name;
        this.lock = runtime.newLock();
        this.changed = lock.newCondition();
    }

    /** Has {@code task} run at {@code due}, instead of when it was scheduled for before. False if the lane is closed. */
    boolean schedule(LaneTask task, long due) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            tasks.put(task, due);
            if (tasks.first() == task) {
                attend(due);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task that {@link LaneTask#waits}, at once. False if too many are waiting already, or the lane is closed. */
    boolean adopt(LaneTask task) {
        lock.lock();
        try {
            if (waits >= MOST_WAITS) {
                return false;
            }
            waits++;
        } finally {
            lock.unlock();
        }
        return schedule(task, runtime.nanoTime());
    }

    /** Makes sure that {@code task} does not begin any more; it may be running. */
    void cancel(LaneTask task) {
        lock.lock();
        try {
            tasks.remove(task);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: no task begins any more, every task hears of it. Its threads end when what they run comes back. */
    void close() {
        List<LaneTask> ended;
        lock.lock();
        try {
            closed = true;
            ended = new ArrayList<>(running);
            ended.addAll(tasks.clear());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ended.forEach(LaneTask::clientClosed);
    }

    /** Waits for the threads to end; false if one has not at {@code deadline}. */
    boolean join(long deadline) {
        for (int slot = 0; slot < MOST_THREADS; slot++) {
            RunningThread thread;
            lock.lock();
            try {
                thread = threads[slot]; // also one that has just said that it ends
            } finally {
                lock.unlock();
            }
            if (thread != null && !thread.join(deadline - runtime.nanoTime())) {
                return false;
            }
        }
        return true;
    }

    /** Sees to it that somebody wakes at {@code due}. */
    private void attend(long due) {
        if (leader != NOBODY && leaderWakes - due <= 0) {
            return;
        }
        if (resting > 0) {
            changed.signalAll();
        } else {
            startThread();
        }
    }

    private void startThread() {
        for (int slot = 0; slot < MOST_THREADS; slot++) {
            if (!alive[slot]) {
                int mine = slot;
                threads[slot] = runtime.startThread("dflockd-renewal-" + name + "-" + slot, () -> work(mine));
                alive[slot] = true;
                return;
            }
        }
    }

    private void work(int slot) {
        lock.lock();
        try {
            LaneTask task = next(slot);
            while (task != null) {
                perform(task);
                task = next(slot);
            }
        } finally {
            alive[slot] = false;
            lock.unlock();
        }
    }

    /** Runs a task without the lock, which the caller holds before and after. */
    private void perform(LaneTask task) {
        running.add(task);
        if (!task.waits()) {
            active = task;
            activeSince = runtime.nanoTime();
        }
        if (resting == 0 && tasks.first() != null) {
            startThread();
        }
        lock.unlock();
        try {
            task.run();
        } catch (Throwable e) { // also errors: the renewals of all other leases depend on this thread
            LOG.error("background work for {} failed; this is a mistake in the client", name, e);
        } finally {
            lock.lock();
            running.remove(task);
            if (task.waits()) {
                waits--;
            }
            if (active == task) {
                active = null;
            }
        }
    }

    /** The next task, once it may begin; null when the thread is to end. */
    private @Nullable LaneTask next(int slot) {
        long idleUntil = runtime.nanoTime() + LINGER;
        while (!closed) {
            LaneTask first = tasks.first();
            long now = runtime.nanoTime();
            if (first != null) {
                idleUntil = now + LINGER;
                if (ready(first) - now <= 0) {
                    tasks.remove(first);
                    return first;
                }
            } else if (idleUntil - now <= 0) {
                return null;
            }
            if (resting >= MOST_RESTING) {
                return null;
            }
            rest(slot, first == null ? idleUntil : ready(first));
        }
        return null;
    }

    /** When a task may begin: when it is due, but not beside another one unless that stalls or this one is late. */
    private long ready(LaneTask task) {
        if (active == null || task.waits()) {
            return task.due;
        }
        long stalled = activeSince + STALL;
        long late = task.due + STALL;
        long earlier = WireTime.earlier(stalled, late);
        return earlier - task.due > 0 ? earlier : task.due;
    }

    /** Waits until {@code wake}; who is not the first to wake allows the first one some time. */
    @SuppressWarnings("WaitNotInLoop") // next() is the loop
    private void rest(int slot, long wake) {
        long until = wake + STALL;
        if (leader == NOBODY || leaderWakes - wake > 0) {
            leader = slot;
            leaderWakes = wake;
            until = wake;
        }
        resting++;
        try {
            changed.awaitNanos(until - runtime.nanoTime());
        } catch (InterruptedException e) {
            LOG.debug("somebody interrupted a thread of the client; it goes on");
        } finally {
            resting--;
            if (leader == slot) {
                leader = NOBODY;
            }
        }
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.RunningThread;
import java.io.IOException;
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
 * on; so it does when the first task in line is late by as much. When all {@link #MOST_THREADS} are kept like that, one more thread does of each task in line
 * only what needs no wait ({@link LaneTask#runBriefly}), so that what never waits comes in time however many connections stall. Threads start when there is
 * something to do and end when there has been nothing for a while; an acquire that is released soon only adds a task and removes it, and wakes nobody.
 *
 * <p>Its lock is held for moments only, never while a task runs.
 */
final class RenewalLane {

    private static final Logger LOG = LoggerFactory.getLogger(RenewalLane.class);

    /** How long a renewal may take before another thread goes on with the next. */
    static final long STALL = TimeUnit.MILLISECONDS.toNanos(250);

    private static final long LINGER = TimeUnit.SECONDS.toNanos(5);

    private static final long MISTAKE_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long NEVER = -1;
    private static final long WHEN_A_THREAD_IS_FREE = 0;

    /** Threads that may wait, for an answer of the server. */
    private static final int MOST_THREADS = 16;

    /** The slot of the thread that never waits. */
    private static final int BRIEF = MOST_THREADS;

    private static final int MOST_WAITS = 8;
    private static final int MOST_RESTING = 2;
    private static final int NOBODY = -1;

    private final ClientRuntime runtime;
    private final String name;
    private final Lock lock;
    private final Condition changed;
    private final TaskHeap tasks = new TaskHeap();

    private final List<LaneTask> running = new ArrayList<>(MOST_THREADS + 1);
    private final @Nullable RunningThread[] threads = new @Nullable RunningThread[MOST_THREADS + 1];
    private final boolean[] alive = new boolean[MOST_THREADS + 1];
    private int living;
    private @Nullable LaneTask active;
    private long activeSince;
    private int leader = NOBODY;
    private long leaderWakes;
    private int resting;
    private int waits;
    private boolean threadless;
    private boolean closed;

    RenewalLane(ClientRuntime runtime, String name) {
        this.runtime = runtime;
        this.name = name;
        this.lock = runtime.newLock();
        this.changed = lock.newCondition();
    }

    /**
     * Has {@code task} run at {@code due} at the latest: a time before that for which it is scheduled already stays. False if the lane is closed, or has no thread and
     * none can be started: then it does not run, and {@link #refusal} says why.
     */
    boolean schedule(LaneTask task, long due) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            tasks.put(task, due);
            if (tasks.first() != task || attend(task.due) || living > 0) {
                return true;
            }
            tasks.remove(task);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task that {@link LaneTask#waits}, at once. False if too many are waiting already, or as {@link #schedule}. */
    boolean adopt(LaneTask task) {
        lock.lock();
        try {
            boolean adopted = waits < MOST_WAITS && schedule(task, runtime.nanoTime());
            waits += adopted ? 1 : 0;
            return adopted;
        } finally {
            lock.unlock();
        }
    }

    /** Why {@link #schedule} has just said no, for somebody who cannot go on without. */
    IOException refusal() {
        lock.lock();
        try {
            return new IOException(
                    closed
                            ? "the client is closed"
                            : "no thread could be started for what is to be done in time, see the log");
        } finally {
            lock.unlock();
        }
    }

    /** Makes sure that {@code task} does not begin any more; it may be running, and then comes once more if that was not all of it. */
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
        for (LaneTask task : ended) {
            try {
                task.clientClosed();
            } catch (Throwable e) { // the others have to hear of it all the same
                complain("the end of the client of {} could not be told; this is a mistake in the client", e);
            }
        }
    }

    /** Waits for the threads to end; false if one has not at {@code deadline}. */
    boolean join(long deadline) {
        for (int slot = 0; slot <= BRIEF; slot++) {
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

    /** Sees to it that somebody wakes at {@code due}; false if there is nobody who could. */
    private boolean attend(long due) {
        if (leader != NOBODY && leaderWakes - due <= 0) {
            return true;
        }
        if (resting > 0) {
            changed.signalAll();
            return true;
        }
        return startThread();
    }

    /** One that may wait; if there are enough of these, the one that never does. */
    private boolean startThread() {
        for (int slot = 0; slot <= BRIEF; slot++) {
            if (!alive[slot]) {
                return startThread(slot);
            }
        }
        return false;
    }

    private boolean startThread(int slot) {
        try {
            threads[slot] = runtime.startThread("dflockd-renewal-" + name + "-" + slot, () -> work(slot));
            alive[slot] = true;
            living++;
            threadless = false;
        } catch (RuntimeException | Error e) { // as when the system has no more
            if (!threadless) {
                threadless = true;
                complain("no thread could be started for {}; what is due waits for those that run already, if any", e);
            }
        }
        return alive[slot];
    }

    private void work(int slot) {
        lock.lock();
        try {
            LaneTask task = next(slot);
            while (task != null) {
                perform(task, slot == BRIEF);
                task = next(slot);
            }
        } finally {
            alive[slot] = false;
            living--;
            lock.unlock();
        }
    }

    /** Runs a task without the lock, which the caller holds before and after. */
    private void perform(LaneTask task, boolean briefly) {
        running.add(task);
        if (!briefly && !task.waits()) {
            active = task;
            activeSince = runtime.nanoTime();
        }
        if (resting == 0 && tasks.first() != null) {
            startThread();
        }
        lock.unlock();
        long pause = NEVER;
        try {
            pause = run(task, briefly);
        } finally {
            lock.lock();
            running.remove(task);
            if (!briefly && active == task) {
                active = null;
            }
            if (!closed && pause == WHEN_A_THREAD_IS_FREE) {
                tasks.postpone(task);
                attend(runtime.nanoTime()); // by a new thread, unless all are there: then one of them comes back
            } else if (!closed && pause == MISTAKE_PAUSE && task.place < 0) {
                tasks.put(task, runtime.nanoTime() + pause);
                attend(task.due);
            }
            if (task.waits() && task.place < 0) {
                waits--;
            }
        }
    }

    /** Runs a task, and says after which pause it has to run again, or {@link #NEVER}. */
    private long run(LaneTask task, boolean briefly) {
        try {
            Thread.interrupted(); // left behind by code of the user; it would end the next exchange
            if (briefly) {
                return task.runBriefly() ? NEVER : WHEN_A_THREAD_IS_FREE;
            }
            task.run();
            return NEVER;
        } catch (Throwable e) { // also errors: the renewals of all other leases depend on this thread
            complain("background work for {} failed; this is a mistake in the client", e);
        }
        try {
            return task.runsAgain() ? MISTAKE_PAUSE : NEVER;
        } catch (Throwable e) {
            complain("background work for {} failed again; it is repeated", e);
            return MISTAKE_PAUSE;
        }
    }

    private void complain(String what, Throwable e) {
        try {
            LOG.error(what, name, e);
        } catch (Throwable silent) {
            // As when there is no memory for it either. What this thread does is more important.
        }
    }

    /** The next task, once it may begin; null when the thread is to end. */
    private @Nullable LaneTask next(int slot) {
        long idleUntil = runtime.nanoTime() + LINGER;
        while (!closed) {
            LaneTask postponed = slot == BRIEF ? null : tasks.pollPostponed();
            if (postponed != null) {
                return postponed;
            }
            LaneTask first = tasks.first();
            long now = runtime.nanoTime();
            if (slot == BRIEF && running.size() < MOST_THREADS && isLeftToOthers(first)) {
                return null;
            }
            if (first != null) {
                idleUntil = now + LINGER;
                if (ready(first) - now <= 0) {
                    tasks.remove(first);
                    return first;
                }
            } else if (idleUntil - now <= 0) {
                return null;
            }
            if (resting >= MOST_RESTING && isLeftToOthers(first)) {
                return null;
            }
            rest(slot, first == null ? idleUntil : ready(first));
        }
        return null;
    }

    /** Others may sleep for longer than they should from now on, as when they wait for a stall that is over. */
    private boolean isLeftToOthers(@Nullable LaneTask first) {
        return first == null || attend(ready(first));
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

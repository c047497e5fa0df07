package io.dflockd.chaos.simulation;

import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A reentrant lock of the simulated world. Not fair: whoever runs first after an unlock gets it, as with the JDK's. */
final class SimulatedLock implements Lock {

    private final Scheduler scheduler;
    private final Deque<Actor> waiting = new ArrayDeque<>();
    private @Nullable Actor owner;
    private int holds;

    SimulatedLock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public void lock() {
        scheduler.step();
        acquire(Long.MAX_VALUE);
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock() {
        return acquire(scheduler.now());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        return acquire(scheduler.now() + unit.toNanos(time));
    }

    @Override
    public void unlock() {
        if (owner != scheduler.running()) {
            throw new IllegalMonitorStateException("unlock by " + scheduler.running() + ", held by " + owner);
        }
        if (--holds == 0) {
            owner = null;
            wakeNext();
        }
    }

    @Override
    public Condition newCondition() {
        return new SimulatedCondition();
    }

    private boolean acquire(long deadline) {
        Actor me = scheduler.running();
        while (owner != null && owner != me) {
            if (scheduler.now() >= deadline) {
                return false;
            }
            waiting.addLast(me);
            scheduler.park(deadline);
            waiting.remove(me);
        }
        owner = me;
        holds++;
        return true;
    }

    private void wakeNext() {
        Actor next = waiting.peekFirst();
        if (next != null) {
            scheduler.wake(next);
        }
    }

    private final class SimulatedCondition implements Condition {

        private final Deque<Actor> sleepers = new ArrayDeque<>();

        @Override
        public void await() {
            sleep(Long.MAX_VALUE);
        }

        @Override
        public void awaitUninterruptibly() {
            sleep(Long.MAX_VALUE);
        }

        @Override
        public long awaitNanos(long nanos) {
            return sleepFor(nanos);
        }

        private long sleepFor(long nanos) {
            long deadline = scheduler.now() + Math.min(nanos, Long.MAX_VALUE - scheduler.now());
            sleep(deadline);
            return deadline - scheduler.now();
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            return sleepFor(unit.toNanos(time)) > 0;
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException("there is no wall clock in the simulation");
        }

        @Override
        public void signal() {
            Actor first = sleepers.pollFirst();
            if (first != null) {
                scheduler.wake(first);
            }
        }

        @Override
        public void signalAll() {
            while (!sleepers.isEmpty()) {
                signal();
            }
        }

        private void sleep(long deadline) {
            Actor me = scheduler.running();
            if (owner != me) {
                throw new IllegalMonitorStateException("await by " + me + ", held by " + owner);
            }
            int depth = holds;
            holds = 0;
            owner = null;
            wakeNext();
            sleepers.addLast(me);
            scheduler.park(deadline);
            sleepers.remove(me);
            acquire(Long.MAX_VALUE);
            holds = depth;
        }
    }
}

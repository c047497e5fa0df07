package io.dflockd.client.internal;

import io.dflockd.client.ForwardingRuntime;
import io.dflockd.client.spi.RunningThread;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** A world whose clock is moved by hand, for those too who wait for a condition, and which starts threads only as long as the test wants. */
final class HandRuntime extends ForwardingRuntime {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1)); // it overflows soon
    private final List<HandLock> locks = new CopyOnWriteArrayList<>();
    private final Queue<String> running = new ConcurrentLinkedQueue<>();
    private volatile boolean refusing;

    HandRuntime() {
        super(new JdkRuntime());
    }

    /** Moves the clock, and wakes whose time has come. */
    void advance(long nanos) {
        now.addAndGet(nanos);
        locks.forEach(HandLock::wakeDue);
    }

    /** Whether no thread can be started from now on. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    int running() {
        return running.size();
    }

    /** How many threads wait for a condition, and have no reason to wake. */
    int resting() {
        return locks.stream().mapToInt(HandLock::resting).sum();
    }

    @Override
    public long nanoTime() {
        return now.get();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        if (refusing) {
            throw new InternalError(
                    "unable to create native thread"); // the JDK: OutOfMemoryError, which JUnit does not survive
        }
        running.add(name);
        return super.startThread(name, () -> {
            try {
                body.run();
            } finally {
                running.remove(name);
            }
        });
    }

    @Override
    public Lock newLock() {
        HandLock lock = new HandLock();
        locks.add(lock);
        return lock;
    }

    private final class HandLock extends ReentrantLock {

        private static final long serialVersionUID = 1L;

        private final transient List<Sleeper> sleepers = new ArrayList<>();

        int resting() {
            lock();
            try {
                return (int) sleepers.stream().filter(sleeper -> !sleeper.woken).count();
            } finally {
                unlock();
            }
        }

        void wakeDue() {
            lock();
            try {
                sleepers.stream()
                        .filter(sleeper -> sleeper.until - nanoTime() <= 0)
                        .forEach(Sleeper::wake);
            } finally {
                unlock();
            }
        }

        /** One per lock is enough here. */
        @Override
        public Condition newCondition() {
            return new HandCondition(this);
        }

        Condition realCondition() {
            return super.newCondition();
        }
    }

    private static final class Sleeper {

        final Condition condition;
        final long until;
        boolean woken;

        Sleeper(Condition condition, long until) {
            this.condition = condition;
            this.until = until;
        }

        void wake() {
            woken = true;
            condition.signal();
        }
    }

    private final class HandCondition implements Condition {

        private final HandLock lock;

        HandCondition(HandLock lock) {
            this.lock = lock;
        }

        @Override
        public long awaitNanos(long nanos) throws InterruptedException {
            Sleeper sleeper = new Sleeper(lock.realCondition(), nanoTime() + nanos);
            lock.sleepers.add(sleeper);
            try {
                while (!sleeper.woken && sleeper.until - nanoTime() > 0) {
                    sleeper.condition.await();
                }
            } finally {
                lock.sleepers.remove(sleeper);
            }
            return sleeper.until - nanoTime();
        }

        @Override
        public void signalAll() {
            lock.sleepers.forEach(Sleeper::wake);
        }

        @Override
        public void await() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void awaitUninterruptibly() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(long time, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean awaitUntil(Date deadline) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signal() {
            throw new UnsupportedOperationException();
        }
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.LeaseLostException;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A lock or semaphore as a {@link Lock} of the JDK: the lease belongs to the thread that acquired it, and is kept for it until it unlocks. */
final class ThreadBoundLock implements Lock {

    /** One try of a lock that waits for ever; between two tries its place in the queue is lost, but a host that vanished without a word is noticed. */
    private static final Duration ONE_TRY = Duration.ofMinutes(1);

    private final Shard shard;
    private final LockOptions options;
    private final Duration oneTry;

    /** Not a map of threads: what a thread leaves behind when it ends has to be unreachable then, so that it is noticed and no longer renewed. */
    @SuppressWarnings("ThreadLocalUsage") // each lock has its own holders, and dies with them
    private final ThreadLocal<LeaseHandle> held = new ThreadLocal<>();

    ThreadBoundLock(Shard shard, LockOptions options) {
        this.shard = shard;
        this.options = options;
        Duration timeout = options.acquireTimeout();
        this.oneTry = timeout.compareTo(ONE_TRY) > 0 ? timeout : ONE_TRY;
    }

    @Override
    public void lock() {
        requireNotHeld();
        try (InterruptShield shield = new InterruptShield()) {
            while (true) {
                try {
                    lockInterruptibly();
                    return;
                } catch (InterruptedException e) {
                    shield.interrupted();
                }
            }
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        boolean locked = false;
        while (!locked) {
            locked = tryLock(oneTry);
        }
    }

    @Override
    public boolean tryLock() {
        requireNotHeld();
        try (InterruptShield shield = new InterruptShield()) {
            while (true) {
                try {
                    return tryLock(Duration.ZERO);
                } catch (InterruptedException e) {
                    shield.interrupted();
                }
            }
        }
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return tryLock(Duration.ofNanos(Math.max(0, unit.toNanos(time))));
    }

    @Override
    public void unlock() {
        LeaseHandle lease = held.get();
        if (lease == null) {
            throw new IllegalMonitorStateException(
                    "thread '" + Thread.currentThread().getName() + "' does not hold " + this);
        }
        held.remove();
        Optional<LeaseLostException> lost;
        try {
            lost = new Scope(shard, lease.held(), shard.attempt("unlock", options.key())).end();
        } finally {
            Reference.reachabilityFence(lease); // as in LeaseHandle
        }
        if (lost.isPresent()) {
            throw lost.get();
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(this + " has no conditions: no server can signal");
    }

    @Override
    public String toString() {
        return "Lock[" + options.key() + " at " + shard.server() + "]";
    }

    private boolean tryLock(Duration timeout) throws InterruptedException {
        requireNotHeld();
        Optional<HeldLease> lease = new Acquisition(shard, options, timeout).acquire();
        lease.ifPresent(granted -> held.set(granted.handOver()));
        return lease.isPresent();
    }

    private void requireNotHeld() {
        if (held.get() != null) {
            throw new IllegalStateException("thread '" + Thread.currentThread().getName() + "' already has " + this
                    + ", which is not reentrant: it would wait for itself; it has to unlock first, also after a loss");
        }
    }
}

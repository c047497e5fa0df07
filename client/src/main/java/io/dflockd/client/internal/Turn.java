package io.dflockd.client.internal;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to use a connection that several threads share.
 *
 * <p>What must not happen under a lock, calls into code of the user above all, is put off by whoever has the turn until it ends.
 */
final class Turn implements Lock {

    private final Lock lock;

    /** Who has it. Others may read it too early or too late, but never find themselves in it by mistake. */
    private @Nullable Thread holder;

    private @Nullable ArrayDeque<Runnable> putOff;

    Turn(Lock lock) {
        this.lock = lock;
    }

    /** Runs it: now, or if this thread has the turn, when that ends. */
    void outside(Runnable call) {
        if (holder != Thread.currentThread()) {
            call.run();
            return;
        }
        if (putOff == null) {
            putOff = new ArrayDeque<>();
        }
        putOff.addLast(call);
    }

    @Override
    public void lock() {
        lock.lock();
        holder = Thread.currentThread();
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        lock.lockInterruptibly();
        holder = Thread.currentThread();
    }

    @Override
    public boolean tryLock() {
        return taken(lock.tryLock());
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return taken(lock.tryLock(time, unit));
    }

    private boolean taken(boolean mine) {
        if (mine) {
            holder = Thread.currentThread();
        }
        return mine;
    }

    /** Ends it, and then does what was put off. */
    @Override
    public void unlock() {
        ArrayDeque<Runnable> calls = putOff;
        putOff = null;
        holder = null;
        lock.unlock();
        if (calls != null) {
            calls.forEach(Runnable::run);
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("nobody waits for anything in the turn of a connection");
    }
}

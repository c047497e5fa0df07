package io.dflockd.client;

import io.dflockd.client.spi.ClientRuntime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Another world that knows which locks of the client a thread has. */
final class LockWatch extends ForwardingRuntime {

    private final List<ReentrantLock> locks = new CopyOnWriteArrayList<>();

    LockWatch(ClientRuntime world) {
        super(world);
    }

    long heldByThisThread() {
        return locks.stream().filter(ReentrantLock::isHeldByCurrentThread).count();
    }

    @Override
    public Lock newLock() {
        ReentrantLock lock = new ReentrantLock();
        locks.add(lock);
        return lock;
    }
}

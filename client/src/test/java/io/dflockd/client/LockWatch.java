package io.dflockd.client;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Another world that knows which locks of the client a thread has. */
final class LockWatch implements ClientRuntime {

    private final ClientRuntime world;
    private final List<ReentrantLock> locks = new CopyOnWriteArrayList<>();

    LockWatch(ClientRuntime world) {
        this.world = world;
    }

    long heldByThisThread() {
        return locks.stream().filter(ReentrantLock::isHeldByCurrentThread).count();
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        return world.connect(server, timeoutNanos);
    }

    @Override
    public IdleWatch newIdleWatch() throws IOException {
        return world.newIdleWatch();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        return world.startThread(name, body);
    }

    @Override
    public Lock newLock() {
        ReentrantLock lock = new ReentrantLock();
        locks.add(lock);
        return lock;
    }

    @Override
    public double random() {
        return world.random();
    }
}

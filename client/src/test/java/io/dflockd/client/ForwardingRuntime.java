package io.dflockd.client;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.concurrent.locks.Lock;

/** Another world as it is, for tests that change one thing about it. */
public class ForwardingRuntime implements ClientRuntime {

    private final ClientRuntime world;

    protected ForwardingRuntime(ClientRuntime world) {
        this.world = world;
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
        return world.newLock();
    }

    @Override
    public double random() {
        return world.random();
    }
}

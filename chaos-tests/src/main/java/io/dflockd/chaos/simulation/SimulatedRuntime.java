package io.dflockd.chaos.simulation;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.concurrent.locks.Lock;

/** The world as the client of one simulated process sees it. */
final class SimulatedRuntime implements ClientRuntime {

    private final Scheduler scheduler;
    private final SimulatedNetwork network;
    private final SimulatedProcess process;

    SimulatedRuntime(Scheduler scheduler, SimulatedNetwork network, SimulatedProcess process) {
        this.scheduler = scheduler;
        this.network = network;
        this.process = process;
    }

    @Override
    public long nanoTime() {
        return scheduler.now();
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        return network.connect(process, timeoutNanos);
    }

    @Override
    public IdleWatch newIdleWatch() {
        return new SimulatedWatch(scheduler);
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        Actor actor = scheduler.start(name, process, body);
        return timeoutNanos -> scheduler.join(actor, scheduler.now() + Math.max(0, timeoutNanos));
    }

    @Override
    public Lock newLock() {
        return new SimulatedLock(scheduler);
    }

    @Override
    public double random() {
        return scheduler.choices().draw(process.name(), 1 << 20) / (double) (1 << 20);
    }
}

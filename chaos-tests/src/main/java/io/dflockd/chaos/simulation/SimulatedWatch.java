package io.dflockd.chaos.simulation;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Waits for noise on idle connections of the simulated world, in the order in which they were added. Nothing there has bytes that mean nothing. */
final class SimulatedWatch implements IdleWatch {

    private final Scheduler scheduler;
    private final Map<SimulatedTransport, IdleListener> watched = new LinkedHashMap<>();
    private @Nullable Actor waiting;
    private boolean woken;

    SimulatedWatch(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void add(SimulatedTransport transport, IdleListener listener) {
        watched.put(transport, listener);
        if (!transport.isQuiet()) {
            wakeUp();
        }
    }

    void remove(SimulatedTransport transport) {
        watched.remove(transport);
    }

    @Override
    public void await(long timeoutNanos) {
        if (!woken) {
            waiting = scheduler.running();
            scheduler.park(scheduler.now() + timeoutNanos);
            waiting = null;
        }
        woken = false;
        for (SimulatedTransport transport = disturbed(); transport != null; transport = disturbed()) {
            IdleListener listener = watched.remove(transport);
            if (listener != null) {
                listener.disturbed(true);
            }
        }
    }

    private @Nullable SimulatedTransport disturbed() {
        for (SimulatedTransport transport : watched.keySet()) {
            if (!transport.isQuiet()) {
                return transport;
            }
        }
        return null;
    }

    @Override
    public boolean isEmpty() {
        return watched.isEmpty();
    }

    /** Also called by what happens to a connection, outside of any actor's turn. */
    @Override
    public void wakeUp() {
        woken = true;
        Actor actor = waiting;
        if (actor != null) {
            scheduler.wake(actor);
        }
    }

    @Override
    public void close() {
        watched.clear();
    }
}

package io.dflockd.chaos.simulation;

import io.dflockd.client.spi.Transport;
import io.dflockd.fake.server.EngineDriver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** The connections between the simulated processes and the server, and how long bytes take. */
final class SimulatedNetwork {

    static final String STREAM = "network";
    private static final long[] LATENCIES = {50_000, 1_000_000, 20_000_000};

    private final Scheduler scheduler;
    private final EngineDriver server;
    private final List<SimulatedTransport> open = new ArrayList<>();
    private final long latency;
    private boolean healed;

    SimulatedNetwork(Scheduler scheduler, EngineDriver server) {
        this.scheduler = scheduler;
        this.server = server;
        this.latency = LATENCIES[scheduler.choices().draw(STREAM, LATENCIES.length)];
    }

    Transport connect(SimulatedProcess process, long timeoutNanos) throws IOException {
        long arrival = arrival();
        long deadline = scheduler.now() + timeoutNanos;
        boolean refused = !healed && scheduler.choices().oneIn(STREAM, 200);
        while (scheduler.now() < Math.min(arrival, deadline)) {
            scheduler.park(Math.min(arrival, deadline));
        }
        if (arrival > deadline) {
            throw new SocketTimeoutException("connect timed out");
        }
        if (refused) {
            throw new ConnectException("Connection refused");
        }
        SimulatedTransport transport = new SimulatedTransport(scheduler, this);
        open.add(transport);
        transport.accepted(server.accept(transport.serverSide()));
        return transport;
    }

    /** When bytes sent now arrive: mostly after the run's usual latency, at times much later. */
    long arrival() {
        Choices choices = scheduler.choices();
        long spike = !healed && choices.oneIn(STREAM, 100) ? choices.draw(STREAM, 800) * 1_000_000L : 0;
        return scheduler.now() + latency + choices.draw(STREAM, 1000) * (latency / 1000) + spike;
    }

    /** Whether this segment arrives in two pieces. */
    boolean splits() {
        return scheduler.choices().oneIn(STREAM, 20);
    }

    void closed(SimulatedTransport transport) {
        open.remove(transport);
    }

    /** Breaks one of the open connections, if there is any: both ends see a reset. */
    boolean breakOne() {
        if (open.isEmpty()) {
            return false;
        }
        open.get(scheduler.choices().draw(STREAM, open.size())).breakDown();
        return true;
    }

    /** From now on the network is calm. */
    void heal() {
        healed = true;
    }
}

package io.dflockd.chaos.simulation;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EngineRecorder;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.history.RecordingRuntime;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.server.EngineDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * One run of the real client against the engine in virtual time: five clients, two keys, leases of one second, with latency, pauses and broken connections
 * until the nemesis has had its time, and then none, so that everything has to come to its end.
 */
public final class Simulation {

    private static final int CLIENTS = 5;
    private static final int OPERATIONS = 12;
    private static final String NEMESIS = "nemesis";
    private static final long NEMESIS_TIME = Duration.ofSeconds(20).toNanos();

    private final Scheduler scheduler;
    private final Recorder recorder;
    private final EngineDriver server;
    private final SimulatedNetwork network;
    private final List<SimulatedProcess> processes = new ArrayList<>();

    /** What the locks protect: one number for each key. */
    private final Map<String, Long> counters = new HashMap<>();

    private Simulation(long seed, ExecutorService threads, Consumer<? super Event> sink) {
        scheduler = new Scheduler(threads, new Choices(seed));
        recorder = new Recorder(scheduler::now, sink);
        FakeOptions options = FakeOptions.defaults().withSeed(seed).withEvents(new EngineRecorder(recorder));
        server = new EngineDriver(options, scheduler::now);
        scheduler.drive(new Scheduler.Clockwork() {
            @Override
            public OptionalLong nextDeadline() {
                return server.nextDeadline();
            }

            @Override
            public void runDue() {
                server.runDue();
            }
        });
        network = new SimulatedNetwork(scheduler, server);
    }

    /**
     * Runs one simulation. The same seed gives the same events.
     *
     * @param threads runs the actors; unbounded, and may be used again
     * @param sink takes the events in their order
     * @return how much time passed in the simulated world
     * @throws IllegalStateException if the run itself failed: a deadlock, an actor that threw or blocked outside the simulator
     */
    public static Duration run(long seed, ExecutorService threads, Consumer<? super Event> sink) {
        Simulation simulation = new Simulation(seed, threads, sink);
        try {
            simulation.scheduler.run(simulation::main);
        } finally {
            simulation.recorder.stop();
        }
        return Duration.ofNanos(simulation.scheduler.now());
    }

    private void main() {
        List<Actor> clients = new ArrayList<>();
        for (int i = 1; i <= CLIENTS; i++) {
            clients.add(startClient("c" + i));
        }
        Actor nemesis = scheduler.start(NEMESIS, new SimulatedProcess(NEMESIS), this::harm);
        scheduler.join(nemesis, Long.MAX_VALUE);
        clients.forEach(client -> scheduler.join(client, Long.MAX_VALUE));
        recorder.stop();
    }

    private Actor startClient(String name) {
        SimulatedProcess process = new SimulatedProcess(name);
        processes.add(process);
        return scheduler.start("application", process, () -> {
            DflockdClient client = DflockdClient.builder()
                    .servers("simulated:6388")
                    .runtime(new RecordingRuntime(new SimulatedRuntime(scheduler, network, process), recorder, name))
                    .build();
            List<DistributedLock> keys = List.of(
                    client.lock("orders").withLease(Duration.ofSeconds(1)),
                    client.semaphore("gpu", 2).withLease(Duration.ofSeconds(1)));
            new SimulatedClient(scheduler, recorder, name, client, keys, counters).run(OPERATIONS);
        });
    }

    private void harm() {
        while (scheduler.now() < NEMESIS_TIME) {
            scheduler.park(scheduler.now() + draw(2_000) * 1_000_000L);
            if (draw(2) == 0) {
                SimulatedProcess victim = processes.get(draw(CLIENTS));
                long millis = draw(2_500);
                record(EventType.FAULT, "pause " + victim.name() + " " + millis + " ms");
                victim.pauseUntil(scheduler.now() + millis * 1_000_000L);
            } else if (network.breakOne()) {
                record(EventType.FAULT, "reset a connection");
            }
        }
        network.heal();
        record(EventType.HEAL, "the network is calm");
    }

    private int draw(int bound) {
        return scheduler.choices().draw(NEMESIS, bound);
    }

    private void record(EventType type, String text) {
        recorder.add(Draft.of(type, NEMESIS).text(text));
    }
}

package io.dflockd.chaos.nemesis;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.workload.CuttableRuntime;
import io.dflockd.chaos.workload.Figures;
import io.dflockd.chaos.workload.StopSignal;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Makes things go wrong, one after the other, until the run is over. Pauses are the workers' own. */
public final class Nemesis implements Runnable {

    private static final long MILLI = 1_000_000L;
    private static final long BETWEEN = 150 * MILLI;

    private final List<FaultKind> kinds;
    private final List<String> keys;
    private final Optional<FakeDflockdServer> fake;
    private final CuttableRuntime clients;
    private final Recorder recorder;
    private final Figures figures;
    private final StopSignal stop;
    private final SplittableRandom random;

    public Nemesis(
            Set<FaultKind> kinds,
            List<String> keys,
            Optional<FakeDflockdServer> fake,
            CuttableRuntime clients,
            Recorder recorder,
            Figures figures,
            StopSignal stop,
            SplittableRandom random) {
        this.kinds =
                kinds.stream().filter(kind -> kind != FaultKind.PAUSE).sorted().toList();
        this.keys = keys;
        this.fake = fake;
        this.clients = clients;
        this.recorder = recorder;
        this.figures = figures;
        this.stop = stop;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (!kinds.isEmpty() && !stop.pause(random.nextLong(2 * BETWEEN))) {
                strike(kinds.get(random.nextInt(kinds.size())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void strike(FaultKind kind) {
        switch (kind) {
            case LATENCY ->
                fake.ifPresent(server -> server.on(Trigger.anyCommand().probability(0.1))
                        .at(phase())
                        .then(Effect.latency(Duration.ofMillis(1 + random.nextInt(random.nextInt(10) == 0 ? 500 : 30))))
                        .times(1 + random.nextInt(5)));
            case CLOSE ->
                fake.ifPresent(server -> server.on(trigger()).at(phase()).then(Effect.close()));
            case RESET ->
                fake.ifPresent(server -> server.on(trigger()).at(phase()).then(Effect.reset()));
            case EXPIRE -> fake.ifPresent(this::expire);
            case DISCONNECT -> {
                if (clients.cutOne(random)) {
                    figures.fault(kind.word());
                    recorder.add(Draft.of(EventType.FAULT, "nemesis").text(kind.word()));
                }
            }
            case PAUSE -> throw new IllegalStateException("pauses are the workers' own");
        }
    }

    /** The history must have a FAULT before and a HEAL after the moment, which only the server knows exactly. */
    private void expire(FakeDflockdServer server) {
        String key = keys.get(random.nextInt(keys.size()));
        figures.fault(FaultKind.EXPIRE.word());
        recorder.add(Draft.of(EventType.FAULT, "nemesis").key(key).text("expire lease"));
        server.expireLease(key);
        recorder.add(Draft.of(EventType.HEAL, "nemesis").key(key).text("expire lease"));
    }

    private Phase phase() {
        return random.nextBoolean() ? Phase.BEFORE_APPLY : Phase.AFTER_APPLY_BEFORE_REPLY;
    }

    private Trigger trigger() {
        return switch (random.nextInt(6)) {
            case 0 -> Trigger.acquire();
            case 1 -> Trigger.enqueue();
            case 2 -> Trigger.await();
            case 3 -> Trigger.renew();
            case 4 -> Trigger.release();
            default -> Trigger.anyCommand();
        };
    }
}

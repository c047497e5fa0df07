package io.dflockd.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.check.Verdict;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.HistoryReader;
import io.dflockd.chaos.nemesis.FaultKind;
import io.dflockd.chaos.report.VerdictText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/** The real client over real sockets against the fake, whatever the mix of clients, keys, leases and faults (PROPERTIES.md rung R3). */
public class SocketProperties {

    private static final Duration DURATION = Duration.ofMillis(900);

    private static final Path REPORTS = Path.of(
            "target", "socket-properties", Long.toString(ProcessHandle.current().pid()));

    private final AtomicLong runs = new AtomicLong();

    /** Not shrunk: a run over sockets is never the same twice. Its history is what is left to look at. */
    @Property(tries = 8, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    public void no_mix_of_faults_breaks_a_property(@ForAll("settings") RunSettings settings) throws IOException {
        StringWriter out = new StringWriter();

        Verdict verdict = new ChaosRun(settings, new PrintWriter(out), false).execute();

        assertThat(verdict.violations())
                .as(() -> settings + "\n" + out + String.join("\n", VerdictText.lines(verdict)))
                .isEmpty();
        assertThat(returned(settings)).as("operations that returned").isPositive();
    }

    private static long returned(RunSettings settings) throws IOException {
        AtomicLong count = new AtomicLong();
        try (HistoryReader history = HistoryReader.open(settings.report().resolve("history.jsonl"))) {
            history.forEach(event -> count.addAndGet(event.type() == EventType.RETURN ? 1 : 0));
        }
        return count.get();
    }

    @Provide
    Arbitrary<RunSettings> settings() {
        Arbitrary<Integer> clients = Arbitraries.integers().between(2, 10);
        Arbitrary<Integer> keys = Arbitraries.integers().between(1, 4);
        Arbitrary<Level> levels = Arbitraries.of(Level.class);
        Arbitrary<Set<FaultKind>> faults = Arbitraries.of(FaultKind.class).set();
        Arbitrary<Long> seeds = Arbitraries.longs().between(0, 1L << 40);
        return Combinators.combine(clients, keys, levels, faults, seeds)
                .as((client, key, level, kinds, seed) -> new RunSettings(
                        List.of(),
                        Access.OPEN,
                        DURATION,
                        client,
                        key,
                        new LeaseRange(1, 2),
                        level,
                        kinds,
                        seed,
                        REPORTS.resolve(runs.incrementAndGet() + "-" + seed),
                        false));
    }
}

package io.dflockd.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.check.Judge;
import io.dflockd.chaos.check.Outcome;
import io.dflockd.chaos.check.Result;
import io.dflockd.chaos.check.Verdict;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.history.HistoryWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The real client against the engine in virtual time, seed after seed, judged by the checks. */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("simulation.seeds", 200);
    private static final int SAMPLE = 20;
    private static final Set<String> PROPERTIES = Set.of("P1", "P2", "P3a", "P4", "P17");
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void the_properties_hold_for_every_seed() {
        Map<String, Integer> reached = new TreeMap<>();
        Map<EventType, Integer> seen = new TreeMap<>();
        Duration simulated = Duration.ZERO;
        long start = System.nanoTime();
        for (long seed = 1; seed <= SEEDS; seed++) {
            Judge judge = new Judge(header(seed), PROPERTIES);
            simulated = simulated.plus(Simulation.run(seed, THREADS, event -> {
                judge.event(event);
                seen.merge(event.type(), 1, Integer::sum);
            }));
            Verdict verdict = judge.verdict(false);
            assertThat(verdict.violations())
                    .as(() -> "seed " + verdict.lastLine() + describe(verdict.violations()))
                    .withFailMessage("seed %d: %s%s", seed, verdict.lastLine(), describe(verdict.violations()))
                    .isEmpty();
            for (Result result : verdict.results()) {
                if (result.outcome() == Outcome.VALID) {
                    reached.merge(result.property(), 1, Integer::sum);
                }
            }
        }
        double real = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "simulation: %d seeds, %.0f simulated s in %.1f s: %.0f simulated s per real s, %.0f client operations/s%n",
                SEEDS,
                simulated.toMillis() / 1e3,
                real,
                simulated.toMillis() / 1e3 / real,
                seen.getOrDefault(EventType.RETURN, 0) / real);
        System.out.println("simulation: seeds in which a property was reached " + reached + ", events " + seen);

        assertThat(reached).as("every property is put to the test").containsOnlyKeys(PROPERTIES);
        assertThat(seen)
                .as("what has to happen somewhere")
                .containsKeys(
                        EventType.LOST,
                        EventType.EXPIRE,
                        EventType.REVOKE,
                        EventType.RENEW,
                        EventType.REARM,
                        EventType.DROP,
                        EventType.FAULT,
                        EventType.HEAL);
    }

    @Test
    void the_same_seed_gives_the_same_history_to_the_last_byte() throws Exception {
        List<String> hashes = new ArrayList<>();
        for (long seed = 1; seed <= SAMPLE; seed++) {
            String first = hash(seed);
            assertThat(hash(seed)).as("seed %d, second run", seed).isEqualTo(first);
            hashes.add(first);
        }

        assertThat(hashes).doesNotHaveDuplicates();
        // .ci/run compares the files of two JDKs.
        Path file = Path.of("target", "simulation-hashes.txt");
        Files.createDirectories(file.getParent());
        Files.write(file, hashes);
        System.out.println("simulation: history of seed 1 has SHA-256 " + hashes.get(0));
    }

    private static String hash(long seed) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (HistoryWriter writer =
                new HistoryWriter(new DigestOutputStream(OutputStream.nullOutputStream(), digest), header(seed))) {
            Simulation.run(seed, THREADS, writer);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static HistoryHeader header(long seed) {
        return new HistoryHeader("simulation", true, seed, Map.of());
    }

    private static String describe(List<Result> violations) {
        StringBuilder text = new StringBuilder();
        for (Result violation : violations) {
            text.append("\n").append(violation.property()).append(": ").append(violation.detail());
            for (Event event : violation.evidence()) {
                text.append("\n  ").append(event);
            }
        }
        return text.toString();
    }
}

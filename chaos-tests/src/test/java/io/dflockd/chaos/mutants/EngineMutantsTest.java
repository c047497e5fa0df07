package io.dflockd.chaos.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests the tests: each wrong engine must be found by a property that it breaks, and the right one by none. */
class EngineMutantsTest {

    private static final int TRIES = 1_000;
    private static final int SEEDS = 2;

    /** Also what fails when jqwik is not there or finds nothing to try: Surefire would pass that over. */
    @Test
    void the_engine_itself_breaks_nothing() throws Exception {
        PropertyRun run = PropertyRun.with(MutantLoader.unchanged(), TRIES);

        assertThat(run.failure()).isEmpty();
        assertThat(run.tries()).isEqualTo(TRIES);
        assertThat(SimulatedRun.with(MutantLoader.unchanged(), SEEDS)).isEqualTo("-");
    }

    @Test
    void every_mutant_is_found_by_a_property_that_it_breaks() throws Exception {
        List<String> missed = new ArrayList<>();
        StringBuilder table = new StringBuilder(String.format(
                "%n%-56s %-8s %6s %6s  %-8s %s%n", "mutant", "found by", "ms", "steps", "checks", "simulation"));
        for (Mutant mutant : Mutants.ALL) {
            ClassLoader loader = MutantLoader.of(mutant);
            PropertyRun run = PropertyRun.with(loader, TRIES);
            String simulated = SimulatedRun.with(loader, SEEDS);
            table.append(String.format(
                    "%-56s %-8s %6d %6d  %-8s %s%n",
                    mutant.name(), run.broken(), run.millis(), run.steps(), run.judged(), simulated));
            if (!mutant.breaks().contains(run.broken())) {
                missed.add(mutant.name() + ": found by " + run.broken() + ", expected " + mutant.breaks()
                        + run.failure().map(f -> "\n" + f).orElse(""));
            }
        }
        System.out.println(table);
        assertThat(missed).isEmpty();
    }
}

package io.dflockd.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.cli.ChaosCommandTest.Seen;
import io.dflockd.chaos.cli.SmallServer.Bug;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs against servers that are not the fake: the honest one is valid, each broken one is found out by the right property. */
@Timeout(60)
class OtherServersTest {

    @TempDir
    private Path folder;

    private Seen runAgainst(Bug bug, String... more) throws IOException {
        try (SmallServer server = new SmallServer(bug)) {
            List<String> args =
                    new ArrayList<>(List.of("run", "--server", server.address(), "--report", folder.toString()));
            args.addAll(Arrays.asList(more));
            return ChaosCommandTest.chaos(args.toArray(String[]::new));
        }
    }

    private static void assertInvalid(Seen seen, String property) {
        assertThat(seen.lastLine()).startsWith("INVALID ").contains(property);
        assertThat(seen.status()).isEqualTo(1);
        assertThat(seen.out())
                .anySatisfy(line -> assertThat(line).startsWith(property).contains(" INVALID "));
    }

    @Test
    void an_honest_server_is_valid() throws IOException {
        Seen seen = runAgainst(Bug.NONE, "--duration", "3s", "--keys", "2");
        assertThat(seen.lastLine()).startsWith("VALID");
        assertThat(seen.out())
                .anySatisfy(line -> assertThat(line).startsWith("P1 ").contains("NOT APPLICABLE"));
        assertThat(seen.out())
                .anySatisfy(line -> assertThat(line).startsWith("P3a ").contains(" VALID "));
    }

    @Test
    void a_server_that_grants_to_everybody_violates_mutual_exclusion() throws IOException {
        Seen seen = runAgainst(Bug.EVERYBODY_HOLDS, "--duration", "2s", "--keys", "2");
        assertInvalid(seen, "P3a");
        assertInvalid(seen, "P17");
    }

    /** Several locks, so that one whose holder forgets it or takes its time does not stop the run: behind it nobody is overtaken. */
    @Test
    void a_server_that_serves_the_last_first_violates_the_order() throws IOException {
        Seen seen = runAgainst(
                Bug.LAST_COME_FIRST_SERVED,
                "--duration",
                "3s",
                "--keys",
                "6",
                "--clients",
                "16",
                "--faults",
                "none",
                "--lease",
                "1s..2s");
        assertInvalid(seen, "P4");
    }

    @Test
    void a_server_that_times_out_early_is_found_out() throws IOException {
        assertInvalid(runAgainst(Bug.TIMES_OUT_EARLY, "--duration", "3s", "--keys", "2"), "P5");
    }

    @Test
    void a_server_that_hangs_does_not_hang_the_run() throws IOException {
        Seen seen = runAgainst(Bug.HANGS, "--duration", "2s");
        assertThat(seen.lastLine()).startsWith("VALID");
    }

    @Test
    void a_server_that_refuses_everything_is_no_dflockd_to_judge() throws IOException {
        Seen seen = runAgainst(Bug.REFUSES_ALL, "--duration", "1s");
        assertThat(seen.lastLine()).startsWith("COULD NOT RUN: ").contains("answered 'error'", "is it a dflockd?");
        assertThat(seen.status()).isEqualTo(2);
    }

    @Test
    void a_server_without_room_is_told_with_what_to_do() throws IOException {
        Seen seen = runAgainst(Bug.FULL, "--duration", "1s");
        assertThat(seen.lastLine()).startsWith("COULD NOT RUN: ").contains("'error_max_locks'", "--max-locks");
        assertThat(seen.status()).isEqualTo(2);
    }
}

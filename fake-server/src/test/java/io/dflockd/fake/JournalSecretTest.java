package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.journal.RecordedRequest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the journal tells of requests to a server with a secret. */
class JournalSecretTest {

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withAuthToken("hush hush"));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void no_secret_is_remembered_right_or_wrong_or_out_of_place() throws IOException {
        try (RawClient stranger = new RawClient(server);
                RawClient client = new RawClient(server)) {
            stranger.ask("auth", "_", "a guess");
            client.ask("auth", "_", "hush hush");
            client.ask("x", "auth", "_");
            client.ask("hush hush ", "l", "a");
        }

        assertThat(lines())
                .containsExactly(
                        "#1 conn=1 auth -> nothing changed reply error_auth",
                        "#2 conn=2 auth -> let in reply ok",
                        "#3 conn=2 \"x\" \"auth\" \"_\" (unknown command) -> nothing changed reply error",
                        "#4 conn=2 \"***\" \"l\" \"a\" (unknown command) -> nothing changed reply error");
        String everything = server.journal().toString() + server.journal().requests();
        assertThat(everything).doesNotContain("hush").doesNotContain("guess").contains("***");
    }

    @Test
    void who_is_not_let_in_changes_nothing() throws IOException {
        try (RawClient stranger = new RawClient(server)) {
            stranger.ask("l", "a", "0");
        }

        assertThat(lines()).containsExactly("#1 conn=1 l a -> nothing changed reply error_auth");
    }

    private List<String> lines() {
        return server.journal().requests().stream()
                .map(RecordedRequest::toString)
                .toList();
    }
}

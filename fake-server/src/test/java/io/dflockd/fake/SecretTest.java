package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the secret, and what clients send in its place, must not appear. */
@Timeout(60)
class SecretTest {

    private static final String SECRET = "s3cret-ünlikely";
    private static final String WRONG = "wr0ng-ünlikely";

    @TempDir
    private Path directory;

    /** In a process of its own, as a log has its level once and for all. */
    @Test
    void the_log_shows_requests_but_no_secret() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), SECRET);
        List<String> log;
        try (ServerProcess server = ServerProcess.start(
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"), "--port=0", "--auth-token-file=" + file)) {
            int port = server.port();
            authenticate(port, SECRET, "ok");
            authenticate(port, WRONG, "error_auth");
            authenticate(port, WRONG.repeat(30), "error_auth");
            try (RawClient half = new RawClient("127.0.0.1", port)) {
                half.socket().getOutputStream().write(("auth\n_\n" + WRONG).getBytes(StandardCharsets.UTF_8));
                half.socket().shutdownOutput();
                assertThat(half.end()).isEqualTo(RawClient.END);
            }
            server.terminate();
            log = server.errors();
        }

        assertThat(log).anyMatch(line -> line.contains("Auth[secret=***]"));
        assertThat(log).noneMatch(SecretTest::tells);
    }

    /** Whatever strikes while it is sent, in the clear and over TLS, with everything printed that can be. */
    @Test
    void nothing_that_is_printed_at_trace_level_shows_it() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TalkativeServer.class.getName(),
                        SECRET,
                        WRONG)
                .redirectErrorStream(true)
                .start();
        try {
            List<String> printed =
                    process.inputReader(StandardCharsets.UTF_8).lines().toList();

            assertThat(printed).contains(TalkativeServer.DONE);
            assertThat(printed).filteredOn(line -> line.contains("FaultEvent")).hasSizeGreaterThan(10);
            assertThat(printed)
                    .filteredOn(line -> line.contains("Auth[secret=***]"))
                    .hasSizeGreaterThan(20);
            assertThat(printed).noneMatch(SecretTest::tells);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void no_fault_on_auth_shows_it() throws Exception {
        List<FaultEvent> told = new ArrayList<>();
        FakeOptions options =
                FakeOptions.defaults().withTls().withAuthToken(SECRET).withFaultEvents(told::add);
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient client = RawClient.secure(server.host(), server.port(), server.clientSslContext())) {
            server.on(Trigger.auth()).at(Phase.BEFORE_APPLY).then(Effect.latency(Duration.ofMillis(1)));

            assertThat(client.ask("auth", "_", SECRET)).isEqualTo("ok");

            assertThat(told).hasSize(1);
            assertThat(List.of(told, server.faultLog(), options, server, server.options()))
                    .noneMatch(shown -> tells(shown.toString()));
        }
    }

    @Test
    void a_secret_that_cannot_be_is_refused_without_being_quoted() {
        String longer = SECRET.repeat(100);
        assertThatThrownBy(() -> FakeOptions.defaults().withAuthToken(longer)).satisfies(SecretTest::isSilent);
        assertThatThrownBy(() -> FakeOptions.defaults().withAuthToken(SECRET + "\n" + SECRET))
                .satisfies(SecretTest::isSilent);
        for (List<String> flags : List.of(
                List.of("--auth-token=" + longer),
                List.of("--auth-token", "two words,", SECRET),
                List.of("--port", "--auth-token", SECRET),
                List.of("--debug", SECRET),
                List.of("--auth-tokn=" + SECRET),
                List.of("--auth-token", SECRET, "--auth-token-file", "none"))) {
            assertThatThrownBy(() -> ServerFlags.parse(flags, Map.of())).satisfies(SecretTest::isSilent);
        }
        assertThatThrownBy(() -> ServerFlags.parse(List.of(), Map.of("DFLOCKD_AUTH_TOKEN", longer)))
                .satisfies(SecretTest::isSilent);
    }

    private static void isSilent(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            assertThat(tells(each.toString())).isFalse();
        }
    }

    private static boolean tells(String text) {
        return text.contains("s3cret") || text.contains("wr0ng");
    }

    private static void authenticate(int port, String secret, String reply) throws IOException {
        try (RawClient client = new RawClient("127.0.0.1", port)) {
            assertThat(client.ask("auth", "_", secret)).isEqualTo(reply);
        }
    }
}

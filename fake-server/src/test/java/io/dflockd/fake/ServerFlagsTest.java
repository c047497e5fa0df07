package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFlagsTest {

    @Test
    void without_flags_it_is_the_real_server() {
        FakeOptions options = parse();

        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThat(options.port()).isEqualTo(6388);
        assertThat(options.readTimeout()).contains(Duration.ofSeconds(23));
        assertThat(options.engineOptions(0))
                .isEqualTo(FakeOptions.defaults().engineOptions(0))
                .isEqualTo(io.dflockd.fake.engine.EngineOptions.DEFAULTS);
    }

    @Test
    void one_dash_or_two_with_a_space_or_an_equals_sign() {
        FakeOptions options = parse("-port", "1", "--host=::1", "-max-locks=7", "--max-waiters", "3");

        assertThat(options.port()).isEqualTo(1);
        assertThat(options.host()).isEqualTo("::1");
        assertThat(options.engineOptions(0).maxLocks()).isEqualTo(7);
        assertThat(options.engineOptions(0).maxWaiters()).isEqualTo(3);
    }

    @Test
    void a_boolean_may_stand_alone() {
        assertThat(parse("--auto-release-on-disconnect", "--port", "5")
                        .engineOptions(0)
                        .autoRelease())
                .isTrue();
        assertThat(parse("--auto-release-on-disconnect=false").engineOptions(0).autoRelease())
                .isFalse();
    }

    @Test
    void a_profile_has_its_own_flags() {
        FakeOptions options =
                parse("--profile", "v2", "--max-connections-per-ip", "3", "--fence-state-file", "fences.txt");

        assertThat(options.profile()).isEqualTo(Profile.V2);
        assertThat(options.maxConnectionsPerIp()).isEqualTo(3);
        assertThat(options.fenceStateFile()).contains(Path.of("fences.txt"));
        assertThat(parse("--profile=v0", "--no-auto-release-on-disconnect")
                        .engineOptions(0)
                        .autoRelease())
                .isFalse();
        assertThat(parse().profile()).isEqualTo(Profile.V1);
    }

    @ParameterizedTest
    @CsvSource({
        "--profile=v3, is no profile; there are v0",
        "--fence-state-file=x, does not exist on v1; leave it out",
        "--max-connections-per-ip=1, does not exist on v1; leave it out",
        "--profile=v0 --auth-token=s, does not exist on v0; leave it out",
    })
    void what_the_profile_does_not_have_is_refused(String flags, String why) {
        assertThatThrownBy(() -> parse(flags.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void every_setting_has_an_effect() {
        FakeOptions options = parse(
                "--default-lease-ttl=7 --lease-sweep-interval=2 --gc-interval=3 --gc-max-idle=4 --max-connections=5 --read-timeout=6 --write-timeout=8 --shutdown-timeout=9"
                        .split(" ", -1));

        assertThat(options.engineOptions(0).defaultLeaseSeconds()).isEqualTo(7);
        assertThat(options.engineOptions(0).sweepInterval()).isEqualTo(2_000_000_000L);
        assertThat(options.engineOptions(0).gcInterval()).isEqualTo(3_000_000_000L);
        assertThat(options.engineOptions(0).gcMaxIdle()).isEqualTo(4_000_000_000L);
        assertThat(options.maxConnections()).isEqualTo(5);
        assertThat(options.readTimeout()).contains(Duration.ofSeconds(6));
        assertThat(options.writeTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(options.shutdownTimeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void a_variable_counts_where_its_flag_is_missing() {
        Map<String, String> environment = Map.of("DFLOCKD_PORT", "1", "DFLOCKD_READ_TIMEOUT_S", "2", "OTHER", "x");

        FakeOptions options = ServerFlags.parse(List.of("--port", "9"), environment);

        assertThat(options.port()).isEqualTo(9);
        assertThat(options.readTimeout()).contains(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-lock 5|unknown flag --max-lock; see --help",
                "port 5|argument 1 is not a flag; flags begin with - or --",
                "--port|--port needs a value",
                "--port x|--port: 'x' is not a whole number",
                "--port 70000|--port: port must be from 0 to 65535, not 70000",
                "--port 99999999999|--port: 99999999999 is too big",
                "--port -99999999999|--port: -99999999999 is too big",
                "--default-lease-ttl 0|--default-lease-ttl: defaultLease must be positive and at most 9223372036 s, not PT0S",
                "--max-locks 0|--max-locks: maxLocks must be at least 1, not 0",
                "--auto-release-on-disconnect=maybe|--auto-release-on-disconnect: 'maybe' is neither true nor false",
                "--tls-cert a|--tls-cert and --tls-key (or their variables) go together; the key is missing",
                "--tls-cert /none --tls-key b|--tls-cert or --tls-key (or their variables): cannot read the file '/none': there is no such file",
                "--debug=maybe|--debug: 'maybe' is neither true nor false",
            })
    void what_makes_no_sense_is_one_clear_line(String args, String message) {
        assertThatThrownBy(() -> parse(args.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void the_program_names_the_variable_too() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());

        assertThatThrownBy(() -> ServerProgram.serve(List.of(), Map.of("DFLOCKD_DEBUG", "maybe"), nowhere))
                .hasMessage("DFLOCKD_DEBUG: 'maybe' is neither true nor false");
    }

    @Test
    void a_certificate_in_the_environment_is_not_ignored() {
        assertThatThrownBy(() -> ServerFlags.parse(List.of(), Map.of("DFLOCKD_TLS_KEY", "key.pem")))
                .hasMessage("--tls-cert and --tls-key (or their variables) go together; the certificate is missing");
    }

    @Test
    void the_secret_comes_from_a_flag_a_variable_or_a_file(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "s3cret\r\n");
        String path = file.toString();

        assertThat(parse().authToken()).isEmpty();
        assertThat(secret(parse("--auth-token= s3cret "))).isEqualTo("s3cret");
        assertThat(secret(parse("--auth-token-file", path))).isEqualTo("s3cret");
        assertThat(secret(ServerFlags.parse(List.of(), Map.of("DFLOCKD_AUTH_TOKEN", "s3cret"))))
                .isEqualTo("s3cret");
        assertThat(secret(ServerFlags.parse(List.of(), Map.of("DFLOCKD_AUTH_TOKEN_FILE", path))))
                .isEqualTo("s3cret");
    }

    @Test
    void two_secrets_or_a_file_without_one_stop_the_start(@TempDir Path folder) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");

        assertThatThrownBy(() -> parse("--auth-token", "s3cret", "--auth-token-file", empty.toString()))
                .hasMessage("--auth-token-file: there is an auth token besides this file; give one of them");
        assertThatThrownBy(() -> parse("--auth-token-file", empty.toString()))
                .hasMessageStartingWith("--auth-token-file: authToken must be one line");
        assertThatThrownBy(
                        () -> parse("--auth-token-file", folder.resolve("none").toString()))
                .hasMessageStartingWith("--auth-token-file: cannot read the file '" + folder.resolve("none"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',white space",
        "\u00a0,white space",
        "'s3cret\nmore',7 lines",
        "s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-,336 bytes"
    })
    void a_secret_that_nobody_could_send_is_refused_and_not_quoted(String value, String given) {
        String secret = value.repeat(6);

        assertThatThrownBy(() -> parse("--auth-token", secret))
                .hasMessage("--auth-token: authToken must be one line of at most 256 bytes on v1 and not blank, not "
                        + given);
    }

    @Test
    void debug_is_for_the_log() {
        assertThat(ServerFlags.isDebug(List.of(), Map.of())).isFalse();
        assertThat(ServerFlags.isDebug(List.of("--debug", "--port", "0"), Map.of()))
                .isTrue();
        assertThat(ServerFlags.isDebug(List.of("--debug=false"), Map.of("DFLOCKD_DEBUG", "true")))
                .isFalse();
        assertThat(ServerFlags.isDebug(List.of(), Map.of("DFLOCKD_DEBUG", "true")))
                .isTrue();
        assertThat(parse("--debug").port()).isEqualTo(6388);
    }

    @Test
    void a_bad_variable_is_named() {
        assertThatThrownBy(() -> ServerFlags.parse(List.of(), Map.of("DFLOCKD_GC_INTERVAL_S", "soon")))
                .hasMessage("DFLOCKD_GC_INTERVAL_S: 'soon' is not a whole number");
    }

    @Test
    void the_usage_names_flags_defaults_and_variables() {
        assertThat(ServerFlags.usage()).contains("--default-lease-ttl 33").contains("DFLOCKD_DEFAULT_LEASE_TTL_S");
    }

    private static String secret(FakeOptions options) {
        return new String(options.authToken().orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static FakeOptions parse(String... args) {
        return ServerFlags.parse(List.of(args), Map.of());
    }
}

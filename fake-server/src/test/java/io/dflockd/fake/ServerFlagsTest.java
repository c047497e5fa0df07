package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                "port 5|'port' is not a flag; flags begin with - or --",
                "--port|--port needs a value",
                "--port x|--port: 'x' is not a whole number",
                "--port 70000|--port: port must be from 0 to 65535, not 70000",
                "--port 99999999999|--port: 99999999999 is too big",
                "--port -99999999999|--port: -99999999999 is too big",
                "--default-lease-ttl 0|--default-lease-ttl: defaultLease must be positive and at most 9223372036 s, not PT0S",
                "--max-locks 0|--max-locks: maxLocks must be at least 1, not 0",
                "--auto-release-on-disconnect=maybe|--auto-release-on-disconnect: 'maybe' is neither true nor false",
                "--tls-cert a|--tls-cert is not supported by the fake server yet; leave it out",
            })
    void what_makes_no_sense_is_one_clear_line(String args, String message) {
        assertThatThrownBy(() -> parse(args.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DFLOCKD_AUTH_TOKEN", "DFLOCKD_TLS_KEY"})
    void a_secret_in_the_environment_is_not_ignored(String variable) {
        assertThatThrownBy(() -> ServerFlags.parse(List.of(), Map.of(variable, "s3cret")))
                .hasMessage(variable + " is not supported by the fake server yet; unset it");
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

    private static FakeOptions parse(String... args) {
        return ServerFlags.parse(List.of(args), Map.of());
    }
}

package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ServerClock;
import io.dflockd.fake.protocol.Profile;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/** What only a fake can do, where the server is none: refused with what to do, or skipped where that was said. */
class RequiresFakeTest {

    private static final String ADVICE =
            "Say @RequiresFake on the test or the class to have it skipped on other back ends,"
                    + " or backend = Backend.FAKE to have the fake in any case";

    private static Kit.Outcome runOnExternal(Class<?> type) {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            return Kit.runOn("external:" + server.address(), Map.of(), type);
        }
    }

    @Test
    void tests_and_nested_classes_that_require_the_fake_are_skipped_and_the_others_run() {
        Kit.Outcome outcome = runOnExternal(Some.class);

        assertThat(outcome.results().testEvents().succeeded().count()).isEqualTo(2);
        assertThat(outcome.failures().keySet())
                .containsExactlyInAnyOrder("fake(FakeDflockdServer)", "meta()", Some.Inner.class.getSimpleName());
        assertThat(outcome.failures().values()).allSatisfy(skipped -> assertThat(skipped)
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining(" is skipped: it says @RequiresFake, and the server without a name is external at"
                        + " 127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(classes = {All.class, Heir.class, OneInstance.class, PerMethod.class, Registered.class})
    void a_class_that_requires_the_fake_is_skipped_whatever_it_asks_for(Class<?> type) {
        Kit.Outcome outcome = runOnExternal(type);

        assertThat(outcome.results().testEvents().succeeded().count()).isZero();
        assertThat(outcome.onlyFailure())
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("it says @RequiresFake");
    }

    @ParameterizedTest
    @ValueSource(classes = {Some.class, All.class, Heir.class, OneInstance.class, PerMethod.class, Registered.class})
    void on_the_fake_all_of_them_run(Class<?> type) {
        assertThat(Kit.runOn("fake", Map.of(), type).failures()).isEmpty();
    }

    @Test
    void a_class_that_says_fake_has_one_whatever_is_configured() {
        Kit.runOn("external:nowhere:1", Map.of(), AlwaysFake.class).passed(1);
    }

    @Test
    void parameters_of_a_fake_are_refused() {
        assertThat(runOnExternal(AsksForFake.class).onlyFailure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining(
                        "FakeDflockdServer of AsksForFake.test(): only the fake has it, and this is external at 127")
                .hasMessageContaining("Ask for DflockdServer if an address is enough. " + ADVICE);
        assertThat(runOnExternal(AsksForClock.class).onlyFailure())
                .hasMessageContaining("ServerClock of AsksForClock.test(): only the fake has it");
    }

    @Test
    void faults_are_refused() {
        assertThat(runOnExternal(Faulty.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageStartingWith("@DflockdFault(\"acquire:before-apply:close\") on " + Faulty.class.getName()
                        + ".test(): faults need the fake, and this is external at 127.0.0.1:")
                .hasMessageEndingWith(ADVICE);
    }

    @Test
    void settings_of_a_fake_are_refused_all_at_once() {
        assertThat(runOnExternal(FakeSettings.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageStartingWith("@WithDflockd on " + FakeSettings.class.getName()
                        + ": manualClock, profile, seed cannot be had, the server is external at 127.0.0.1:")
                .hasMessageEndingWith(ADVICE);
        assertThat(runOnExternal(Latency.class).onlyFailure()).hasMessageContaining(": latency cannot be had, ");
        assertThat(refused(options -> options.withEvents(event -> {}).withTls().withPort(1)))
                .hasMessageContaining("events, host or port, TLS by options(...) cannot be had, ");
    }

    @Test
    void settings_of_a_server_are_refused_for_one_that_runs_already() {
        assertThat(runOnExternal(Limits.class).onlyFailure())
                .hasMessageContaining(": --max-locks=5, --max-waiters=2 cannot be had, the server is external at ")
                .hasMessageContaining("Nobody can set that on a server that runs already");
        assertThat(refused(options -> options.withAuthToken("s3cret").withReadTimeout(Duration.ofSeconds(5))))
                .hasMessageContaining(": --read-timeout=5, the auth token cannot be had, ")
                .hasMessageContaining("a secret goes into DFLOCKD_SECRET")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void times_that_no_flag_can_say_are_refused() {
        assertThat(refused(options -> options.withSweepInterval(Duration.ofMillis(5))))
                .hasMessageContaining("a real server counts whole seconds, and has no PT0.005S");
    }

    private static Throwable refused(UnaryOperator<FakeOptions> options) {
        Given.options = options;
        return runOnExternal(Given.class).onlyFailure();
    }

    @RequiresFake
    @Retention(RetentionPolicy.RUNTIME)
    @interface Precise {}

    @WithDflockd
    static class Some {
        @Test
        void any(DflockdClient client) throws Exception {
            assertThat(client.lock("any").call(Lease::isHeld)).isTrue();
        }

        @Test
        @RequiresFake
        @DflockdFault("any:before-apply:latency=1ms")
        void fake(FakeDflockdServer server) throws Exception {
            try (DflockdClient client = DflockdClient.connect(server.address())) {
                assertThat(client.lock("any").call(Lease::isHeld)).isTrue();
            }
        }

        @Test
        @Precise
        void meta() {}

        @Nested
        class Any {
            @Test
            void any() {}
        }

        @Nested
        @RequiresFake
        class Inner {
            @Test
            void inner(ServerClock clock) {
                assertThat(clock).isNotNull();
            }
        }
    }

    @WithDflockd(manualClock = true)
    @RequiresFake
    static class All {
        All(FakeDflockdServer server) {
            assertThat(server).isNotNull();
        }

        @Test
        void test() {}
    }

    static class Heir extends All {
        Heir(FakeDflockdServer server) {
            super(server);
        }
    }

    @WithDflockd(latency = "1ms")
    @RequiresFake
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        OneInstance(FakeDflockdServer server) {
            assertThat(server).isNotNull();
        }

        @Test
        void test() {}
    }

    @WithDflockd(scope = ServerScope.PER_METHOD, seed = 5)
    @RequiresFake
    static class PerMethod {
        @Test
        void test(FakeDflockdServer server) {
            assertThat(server.seed()).isEqualTo(5);
        }
    }

    @RequiresFake
    static class Registered {
        @RegisterExtension
        final DflockdExtension dflockd =
                DflockdExtension.builder().options(FakeOptions::withManualClock).build();

        @Test
        void test(ServerClock clock) {
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @WithDflockd(backend = Backend.FAKE, manualClock = true)
    static class AlwaysFake {
        @Test
        void test(ServerClock clock) {
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @WithDflockd
    static class AsksForFake {
        @Test
        void test(FakeDflockdServer server) {
            throw new AssertionError(server);
        }
    }

    @WithDflockd
    static class AsksForClock {
        @Test
        void test(ServerClock clock) {
            throw new AssertionError(clock);
        }
    }

    @WithDflockd
    static class Faulty {
        @Test
        @DflockdFault("acquire:before-apply:close")
        void test() {
            throw new AssertionError();
        }
    }

    @WithDflockd(manualClock = true, profile = Profile.V2, seed = 3)
    static class FakeSettings {
        @Test
        void test() {}
    }

    @WithDflockd(latency = "5ms")
    static class Latency {
        @Test
        void test() {}
    }

    @WithDflockd(maxLocks = 5, maxWaiters = 2)
    static class Limits {
        @Test
        void test() {}
    }

    static class Given {
        private static UnaryOperator<FakeOptions> options = same -> same;

        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(defaults -> options.apply(defaults))
                .build();

        @Test
        void test() {}
    }
}

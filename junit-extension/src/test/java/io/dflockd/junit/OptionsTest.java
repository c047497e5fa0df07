package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.RejectedException;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.protocol.Profile;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the annotations say about the server, and what is answered to nonsense before anything is started. */
class OptionsTest {

    @Test
    void the_annotation_decides_profile_seed_limits_and_clock() {
        Kit.run(Decided.class).passed(1);
    }

    @Test
    void without_a_seed_each_server_draws_its_own() {
        Kit.run(NoSeed.class).passed(2);

        assertThat(Kit.seen(NoSeed.class, FakeDflockdServer.class))
                .extracting(FakeDflockdServer::seed)
                .doesNotHaveDuplicates();
    }

    /** It is no match for the test's own faults, although the first fault that matches is the one that strikes. */
    @Test
    void latency_delays_every_request_and_leaves_faults_alone() {
        Kit.run(Slow.class).passed(2);
    }

    @Test
    void faults_of_method_and_class_are_armed_before_each_test() {
        Kit.run(Faulty.class).passed(4);
    }

    @Test
    void faults_are_for_the_server_that_they_name() {
        Kit.run(TwoServers.class).passed(1);
    }

    @Test
    void an_extension_in_a_field_has_declared_faults_too() {
        Kit.run(FaultOnField.class).passed(1);
        Kit.run(FaultOnInstanceField.class).passed(1);
    }

    @Test
    void nonsense_is_refused_with_what_where_and_what_to_do() {
        refused(NoLocks.class, "@WithDflockd on " + NoLocks.class.getName() + ": maxLocks must be at least 1, not 0");
        refused(BadLatency.class, "the latency '5' must be a whole number and ms, s, m or h, as in 5ms");
        refused(LatencyWithoutTime.class, "which manualClock = true stops", "Leave one of them out");
        refused(TwoSeeds.class, "there is one seed, not [1, 2]");
        refused(BlankName.class, "the name ' ' has white space around it");
        refused(
                NoFault.class,
                "@DflockdFault(\"acquire:sometime:close\") on ",
                "NoFault.test()",
                "'sometime' is no phase");
        refused(IllegalFault.class, "@DflockdFault(", "makes no sense at ON_CONNECT", "it strikes at");
        refused(FaultForNobody.class, "@DflockdFault is for the server \"b\"", "correct the name");
        refused(FaultWithoutServer.class, "@DflockdFault is for the server without a name", "put @WithDflockd on");
        refused(BadBuilder.class, "DflockdExtension built at OptionsTest.java:", "profile must be v2");
    }

    @Test
    void a_port_that_is_taken_is_named() throws Exception {
        try (FakeDflockdServer other = FakeDflockdServer.start()) {
            TakenPort.port = other.port();
            refused(TakenPort.class, "DflockdExtension built at", "cannot listen on 127.0.0.1:" + other.port());
        }
    }

    private static void refused(Class<?> type, String... parts) {
        assertThat(Kit.run(type).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContainingAll(parts);
    }

    @WithDflockd(manualClock = true, profile = Profile.V2, seed = 0, maxLocks = 2, maxWaiters = 1)
    static class Decided {
        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            FakeOptions options = server.options();
            assertThat(options.profile()).isEqualTo(Profile.V2);
            assertThat(options.isManualClock()).isTrue();
            assertThat(server.seed()).isZero();
            try (Lease held = client.lock("a").acquire();
                    Enqueued waits = client.lock("a").enqueue();
                    Lease other = client.lock("b").acquire()) {
                assertThat(held.isHeld() && other.isHeld()).isTrue();
                assertThat(waits.status()).isEqualTo(Enqueued.Status.QUEUED);
                assertThatThrownBy(() -> client.lock("a").enqueue()).hasMessageContaining("error_max_waiters");
                assertThatThrownBy(() -> client.lock("c").acquire())
                        .isInstanceOf(RejectedException.class)
                        .hasMessageContaining("error_max_locks");
            }
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class NoSeed {
        @RepeatedTest(2)
        void test(FakeDflockdServer server) {
            Kit.saw(NoSeed.class, server);
        }
    }

    @WithDflockd(latency = "5ms")
    static class Slow {
        @Test
        void delays(FakeDflockdServer server, DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            assertThat(server.faultLog())
                    .hasSize(server.journal().size())
                    .extracting(FaultEvent::effect)
                    .allMatch(effect -> effect.equals(Effect.latency(Duration.ofMillis(5))));
        }

        @Test
        void leaves_faults_alone(FakeDflockdServer server, DflockdClient client) {
            server.on(acquire("orders")).at(BEFORE_APPLY).then(reset());
            assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
        }
    }

    @Retention(RetentionPolicy.RUNTIME)
    @DflockdFault("acquire:before-apply:reset:key=meta")
    @interface Breaks {}

    @WithDflockd
    @DflockdFault("acquire:before-apply:reset:key=class")
    static class Faulty {
        @Test
        void of_the_class(DflockdClient client) {
            broken(client, "class");
        }

        @Test
        @Breaks
        @DflockdFault("acquire:before-apply:close:key=a")
        @DflockdFault("acquire:before-apply:close:key=b")
        void of_the_method(DflockdClient client) {
            broken(client, "a");
            broken(client, "b");
            broken(client, "meta");
        }

        @Nested
        @DflockdFault("acquire:before-apply:reset:key=nested")
        class Inner {
            @RepeatedTest(2)
            void of_the_nested_class(DflockdClient client) {
                broken(client, "nested");
                broken(client, "class");
            }
        }

        private static void broken(DflockdClient client, String key) {
            assertThatThrownBy(() -> client.lock(key).acquire()).isInstanceOf(ConnectionException.class);
        }
    }

    @WithDflockd(name = "a")
    @WithDflockd(name = "b")
    @DflockdFault(value = "acquire:before-apply:reset", server = "b")
    static class TwoServers {
        @Test
        void test(@Dflockd("a") DflockdClient a, @Dflockd("b") DflockdClient b) throws Exception {
            assertThat(a.lock("orders").call(Lease::isHeld)).isTrue();
            Faulty.broken(b, "orders");
        }
    }

    static class FaultOnField {
        @RegisterExtension
        static final DflockdExtension DFLOCKD =
                DflockdExtension.builder().name("a").build();

        @Test
        @DflockdFault(value = "acquire:before-apply:reset", server = "a")
        void test(@Dflockd("a") DflockdClient client) {
            Faulty.broken(client, "orders");
        }
    }

    static class FaultOnInstanceField {
        @RegisterExtension
        final DflockdExtension dflockd = DflockdExtension.builder().build();

        @Test
        @DflockdFault("acquire:before-apply:reset")
        void test(DflockdClient client) {
            Faulty.broken(client, "orders");
        }
    }

    @WithDflockd(maxLocks = 0)
    static class NoLocks {
        @Test
        void test() {}
    }

    @WithDflockd(latency = "5")
    static class BadLatency {
        @Test
        void test() {}
    }

    @WithDflockd(latency = "5ms", manualClock = true)
    static class LatencyWithoutTime {
        @Test
        void test() {}
    }

    @WithDflockd(seed = {1, 2})
    static class TwoSeeds {
        @Test
        void test() {}
    }

    @WithDflockd(name = " ")
    static class BlankName {
        @Test
        void test() {}
    }

    @WithDflockd
    static class NoFault {
        @Test
        @DflockdFault("acquire:sometime:close")
        void test() {}
    }

    @WithDflockd
    static class IllegalFault {
        @Test
        @DflockdFault("any:on-connect:garbage=1")
        void test() {}
    }

    @WithDflockd(name = "a")
    static class FaultForNobody {
        @Test
        @DflockdFault(value = "acquire:before-apply:close", server = "b")
        void test() {}
    }

    static class FaultWithoutServer {
        @Test
        @DflockdFault("acquire:before-apply:close")
        void test() {}
    }

    static class BadBuilder {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withMaxConnectionsPerIp(1))
                .build();

        @Test
        void test() {}
    }

    static class TakenPort {
        private static int port;

        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withPort(port))
                .build();

        @Test
        void test() {}
    }
}

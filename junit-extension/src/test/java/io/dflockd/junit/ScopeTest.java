package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.ServerClock;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long servers and clients live, with every kind of test, and beside each other. */
class ScopeTest {

    @Test
    void the_server_of_a_class_ends_with_it() {
        Kit.run(PerClass.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(PerClass.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void each_test_has_a_server_of_its_own_that_ends_with_it() {
        Kit.run(PerTest.class).passed(2);

        assertThat(Kit.seen(PerTest.class, FakeDflockdServer.class))
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void each_test_has_one_client_of_its_own_that_ends_with_it() {
        Kit.run(PerClass.class).passed(2);

        List<DflockdClient> clients = Kit.seen(PerClass.class, DflockdClient.class);
        assertThat(clients).hasSize(4);
        assertThat(clients.get(0)).isSameAs(clients.get(1));
        assertThat(new HashSet<>(clients)).hasSize(2).allSatisfy(ScopeTest::assertClosed);
    }

    /** Faults, locks, clock, journal: others keep the queue of replies of the last test. */
    @Test
    void each_test_begins_with_a_new_server_as_it_were() {
        Kit.run(Untidy.class).passed(6);
    }

    @Test
    void a_client_of_the_class_outlives_the_reset() {
        Kit.run(ClientOfClass.class).passed(3);

        assertThat(new HashSet<>(Kit.seen(ClientOfClass.class, DflockdClient.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void one_instance_for_all_tests_may_have_a_constructor_with_parameters() {
        Kit.run(OneInstance.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(OneInstance.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void each_repetition_and_set_of_parameters_is_a_test() {
        Kit.run(Templates.class).passed(5);

        assertThat(Kit.seen(Templates.class, FakeDflockdServer.class))
                .hasSize(5)
                .doesNotHaveDuplicates();
    }

    @Test
    void dynamic_tests_share_what_their_factory_has() {
        Kit.run(Dynamic.class).passed(3);

        assertThat(new HashSet<>(Kit.seen(Dynamic.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void dynamic_tests_of_one_factory_run_beside_each_other() {
        Kit.runConcurrently(Dynamic.class).passed(3);
    }

    static void assertClosed(FakeDflockdServer server) {
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    static void assertClosed(DflockdClient client) {
        assertThatThrownBy(() -> client.lock("any").acquire()).hasMessageContaining("closed");
    }

    @WithDflockd
    static class PerClass {
        @BeforeEach
        void before(DflockdClient client) {
            Kit.saw(PerClass.class, client);
        }

        @Test
        void one(FakeDflockdServer server, DflockdClient client) {
            Kit.saw(PerClass.class, server, client);
        }

        @Test
        void two(FakeDflockdServer server, DflockdClient client) {
            Kit.saw(PerClass.class, server, client);
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class PerTest {
        private FakeDflockdServer first;

        @BeforeEach
        void before(FakeDflockdServer server) {
            first = server;
        }

        @Test
        void one(FakeDflockdServer server) {
            assertThat(server).isSameAs(first);
            Kit.saw(PerTest.class, server);
        }

        @Test
        void two(FakeDflockdServer server) {
            assertThat(server).isSameAs(first);
            Kit.saw(PerTest.class, server);
        }

        @AfterEach
        void after(FakeDflockdServer server) {
            assertThat(server).isSameAs(first);
            server.reset();
        }
    }

    @WithDflockd(manualClock = true, leakCheck = LeakCheck.OFF)
    static class Untidy {
        @RepeatedTest(3)
        void repeated(FakeDflockdServer server, DflockdClient client, ServerClock clock) throws Exception {
            leave(server, client, clock);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void parameterized(int number, FakeDflockdServer server, DflockdClient client, ServerClock clock)
                throws Exception {
            assertThat(number).isPositive();
            leave(server, client, clock);
        }

        private static void leave(FakeDflockdServer server, DflockdClient client, ServerClock clock) throws Exception {
            assertThat(clock.nanos()).isZero();
            assertThat(server.journal().size()).isZero();
            assertThat(server.unusedFaults()).isEmpty();
            assertThat(server.state().connections()).isEmpty();
            assertThat(client.lock("left").tryAcquire(Duration.ZERO)).isPresent();
            LeakCheckTest.armUnused(server);
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @WithDflockd
    static class ClientOfClass {
        private static DflockdClient client;

        @BeforeAll
        static void before(DflockdClient ofClass) throws Exception {
            client = ofClass;
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }

        @RepeatedTest(3)
        void test(DflockdClient own) throws Exception {
            Kit.saw(ClientOfClass.class, client);
            assertThat(own).isNotSameAs(client);
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        private final FakeDflockdServer server;
        private final DflockdClient client;

        OneInstance(FakeDflockdServer server, DflockdClient client) {
            this.server = server;
            this.client = client;
        }

        @BeforeAll
        void before(FakeDflockdServer ofClass) {
            Kit.saw(OneInstance.class, ofClass);
        }

        @RepeatedTest(2)
        void test(FakeDflockdServer ofTest) throws Exception {
            Kit.saw(OneInstance.class, server, ofTest);
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class Templates {
        @RepeatedTest(2)
        void repeated(FakeDflockdServer server) {
            Kit.saw(Templates.class, server);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "b", "c"})
        void parameterized(String key, FakeDflockdServer server, DflockdClient client) throws Exception {
            Kit.saw(Templates.class, server);
            assertThat(client.lock(key).call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class Dynamic {
        @TestFactory
        Stream<DynamicTest> factory(FakeDflockdServer server, DflockdClient client) {
            Kit.saw(Dynamic.class, server);
            return Stream.of("a", "b", "c")
                    .map(key -> DynamicTest.dynamicTest(
                            key, () -> assertThat(client.lock(key).call(Lease::isHeld))
                                    .isTrue()));
        }
    }
}

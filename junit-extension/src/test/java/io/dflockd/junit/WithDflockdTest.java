package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What the annotation promises, seen from outside by JUnit's testkit. */
class WithDflockdTest {

    /** Servers and clients that the inner classes were given, in the order in which they came. */
    private static final List<Object> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void one_server_serves_the_whole_class_and_stops_after_it() {
        Events tests = run(TwoTests.class);

        tests.assertStatistics(stats -> stats.succeeded(2));
        Set<FakeDflockdServer> servers = new HashSet<>(seen(FakeDflockdServer.class));
        assertThat(servers).hasSize(1);
        assertThatThrownBy(() -> new Socket(
                                InetAddress.getLoopbackAddress(),
                                servers.iterator().next().port())
                        .close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void every_test_has_a_client_of_its_own_that_is_closed_after_it() {
        run(TwoTests.class);

        List<DflockdClient> clients = seen(DflockdClient.class);
        assertThat(clients).hasSize(2).doesNotHaveDuplicates();
        assertThat(clients)
                .allSatisfy(client ->
                        assertThatThrownBy(() -> client.lock("any").acquire()).hasMessageContaining("closed"));
    }

    @Test
    void a_lock_left_by_one_test_is_free_for_the_next() {
        run(LeavesItsLock.class).assertStatistics(stats -> stats.succeeded(2));
    }

    @Test
    void lifecycle_methods_and_constructors_get_the_same_server() {
        run(InjectedEverywhere.class).assertStatistics(stats -> stats.succeeded(1));

        assertThat(new HashSet<>(seen(FakeDflockdServer.class))).hasSize(1);
        assertThat(seen(FakeDflockdServer.class)).hasSize(5);
    }

    @Test
    void a_nested_class_shares_the_server_of_its_enclosing_class() {
        run(Outer.class).assertStatistics(stats -> stats.succeeded(2));

        assertThat(new HashSet<>(seen(FakeDflockdServer.class))).hasSize(1);
    }

    @Test
    void a_nested_class_with_its_own_annotation_has_its_own_server() {
        run(OuterOfAnother.class).assertStatistics(stats -> stats.succeeded(2));

        assertThat(new HashSet<>(seen(FakeDflockdServer.class))).hasSize(2);
    }

    @Test
    void a_subclass_inherits_the_annotation() {
        run(Subclass.class).assertStatistics(stats -> stats.succeeded(2));
    }

    @Test
    void a_parameter_of_another_type_is_left_to_others() {
        run(AsksForSomethingElse.class)
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(
                                test(),
                                finishedWithFailure(
                                        message(text -> text.contains("No ParameterResolver registered")))));
    }

    private static Events run(Class<?> type) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(type))
                .execute()
                .testEvents();
    }

    private static <T> List<T> seen(Class<T> type) {
        return SEEN.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @WithDflockd
    static class TwoTests {

        @Test
        void one(FakeDflockdServer server, DflockdClient client) {
            SEEN.addAll(List.of(server, client));
        }

        @Test
        void two(FakeDflockdServer server, DflockdClient client) {
            SEEN.addAll(List.of(server, client));
        }
    }

    @WithDflockd
    static class LeavesItsLock {

        @Test
        void one(DflockdClient client) throws Exception {
            hold(client);
        }

        @Test
        void two(DflockdClient client) throws Exception {
            hold(client);
        }

        @SuppressWarnings("try")
        private static void hold(DflockdClient client) throws Exception {
            Lease left = client.lock("left").tryAcquire(Duration.ZERO).orElseThrow();
            assertThat(left.isHeld()).isTrue();
        }
    }

    @WithDflockd
    @TestInstance(TestInstance.Lifecycle.PER_METHOD)
    static class InjectedEverywhere {

        InjectedEverywhere(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @BeforeAll
        static void before(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @BeforeEach
        void beforeEach(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @Test
        void works(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @AfterAll
        static void after(FakeDflockdServer server) {
            SEEN.add(server);
        }
    }

    @WithDflockd
    static class Outer {

        @Test
        void outer(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @Nested
        class Inner {

            @Test
            void inner(FakeDflockdServer server) {
                SEEN.add(server);
            }
        }
    }

    @WithDflockd
    static class OuterOfAnother {

        @Test
        void outer(FakeDflockdServer server) {
            SEEN.add(server);
        }

        @Nested
        @WithDflockd(manualClock = true)
        class Inner {

            @Test
            void inner(FakeDflockdServer server) {
                SEEN.add(server);
                server.clock().advance(Duration.ofSeconds(1));
            }
        }
    }

    static class Subclass extends TwoTests {}

    @WithDflockd
    static class AsksForSomethingElse {

        @Test
        void asks(String text) {
            throw new AssertionError(text);
        }
    }
}

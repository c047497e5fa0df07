package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.ServerClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What is injected, and where, and what is said where it cannot be. */
class InjectionTest {

    @Test
    void constructors_lifecycle_methods_and_tests_get_the_same_server() {
        Kit.run(InjectedEverywhere.class).passed(1);

        List<FakeDflockdServer> servers = Kit.seen(InjectedEverywhere.class, FakeDflockdServer.class);
        assertThat(servers).hasSize(6);
        assertThat(new HashSet<>(servers)).hasSize(1);
    }

    @Test
    void every_type_is_of_the_same_server() {
        Kit.run(EveryType.class).passed(1);
    }

    @Test
    void constructors_of_nested_classes_may_ask_too() {
        Kit.run(NestedConstructor.class).passed(2);
    }

    @Test
    void a_parameter_of_another_type_is_left_to_others() {
        assertThat(Kit.run(AsksForSomethingElse.class).onlyFailure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("No ParameterResolver registered");
    }

    @Test
    void an_unknown_name_is_answered_with_those_that_there_are() {
        assertThat(Kit.run(UnknownName.class).onlyFailure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("DflockdClient of UnknownName.test() asks for the server \"c\"")
                .hasMessageContaining("the server \"a\" (@WithDflockd on " + UnknownName.class.getName() + ")")
                .hasMessageContaining("the server \"b\"");
        assertThat(Kit.run(NoName.class).onlyFailure())
                .hasMessageContaining("asks for the server without a name")
                .hasMessageContaining("Say which by @Dflockd(\"...\") on the parameter");
    }

    @Test
    void a_name_on_something_else_is_answered_with_what_there_is() {
        assertThat(Kit.run(NameOnText.class).onlyFailure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("@Dflockd on String of NameOnText.test()")
                .hasMessageContaining("FakeDflockdServer, DflockdServer, ServerClock, DflockdClient");
    }

    @Test
    void what_lives_longer_than_a_test_cannot_have_the_server_of_a_test() {
        assertThat(Kit.run(TooLong.class).onlyFailure())
                .isInstanceOf(ParameterResolutionException.class)
                .hasMessageContaining("FakeDflockdServer of TooLong.before() wants to live as long as the class")
                .hasMessageContaining("Take it in the test or in a @BeforeEach method, or say scope = PER_CLASS");
        assertThat(Kit.run(TooLongConstructor.class).onlyFailure())
                .hasMessageContaining("DflockdClient of TooLongConstructor's constructor wants to live as long");
        assertThat(Kit.run(OnMethodOnly.class).onlyFailure())
                .hasMessageContaining("there is none: put @WithDflockd on the class or the test");
    }

    @WithDflockd
    static class InjectedEverywhere {
        InjectedEverywhere(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }

        @BeforeAll
        static void beforeAll(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }

        @BeforeEach
        void beforeEach(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }

        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }

        @AfterEach
        void afterEach(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }

        @AfterAll
        static void afterAll(FakeDflockdServer server) {
            Kit.saw(InjectedEverywhere.class, server);
        }
    }

    @WithDflockd(manualClock = true)
    static class EveryType {
        @Test
        void test(FakeDflockdServer fake, DflockdServer server, ServerClock clock, DflockdClient client)
                throws Exception {
            assertThat(server.address()).isEqualTo(fake.address()).isEqualTo(server.host() + ':' + server.port());
            clock.advance(Duration.ofSeconds(1));
            assertThat(fake.clock().nanos()).isEqualTo(1_000_000_000);
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            assertThat(fake.journal().size()).isPositive();
        }
    }

    @WithDflockd
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class NestedConstructor {
        private final DflockdServer outer;

        NestedConstructor(DflockdServer server) {
            outer = server;
        }

        @Test
        void outer(DflockdServer server) {
            assertThat(server).isSameAs(outer);
        }

        @Nested
        class Inner {
            private final DflockdServer inner;

            Inner(DflockdServer server) {
                inner = server;
            }

            @Test
            void inner(DflockdServer server) {
                assertThat(server).isSameAs(outer).isSameAs(inner);
            }
        }
    }

    @WithDflockd
    static class AsksForSomethingElse {
        @Test
        void test(String text) {
            throw new AssertionError(text);
        }
    }

    @WithDflockd(name = "a")
    @WithDflockd(name = "b")
    static class UnknownName {
        @Test
        void test(@Dflockd("c") DflockdClient client) {
            throw new AssertionError(client);
        }
    }

    @WithDflockd(name = "a")
    static class NoName {
        @Test
        void test(DflockdClient client) {
            throw new AssertionError(client);
        }
    }

    @WithDflockd(name = "a")
    static class NameOnText {
        @Test
        void test(@Dflockd("a") String text) {
            throw new AssertionError(text);
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class TooLong {
        @BeforeAll
        static void before(FakeDflockdServer server) {
            server.reset();
        }

        @Test
        void test() {}
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class TooLongConstructor {
        TooLongConstructor(DflockdClient client) {
            throw new AssertionError(client);
        }

        @Test
        void test() {}
    }

    static class OnMethodOnly {
        OnMethodOnly(DflockdClient client) {
            throw new AssertionError(client);
        }

        @Test
        @WithDflockd
        void test() {}
    }
}

package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The extension in a field, static or not, and beside the annotation. */
class RegisteredExtensionTest {

    @Test
    void in_a_static_field_it_is_the_class() {
        Kit.run(InStaticField.class).passed(3);

        assertThat(new HashSet<>(Kit.seen(InStaticField.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void a_static_field_may_have_a_server_for_each_test() {
        Kit.run(PerTest.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(PerTest.class, FakeDflockdServer.class)))
                .hasSize(2);
    }

    @Test
    void in_an_instance_field_it_is_the_test_nested_ones_too() {
        Kit.run(InInstanceField.class).passed(4);

        assertThat(new HashSet<>(Kit.seen(InInstanceField.class, FakeDflockdServer.class)))
                .hasSize(4)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void in_a_field_of_the_one_instance_it_is_the_class() {
        Kit.run(InOneInstance.class).passed(3);

        assertThat(new HashSet<>(Kit.seen(InOneInstance.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    /** A constructor comes before @BeforeAll then. */
    @Test
    void one_instance_for_all_tests_may_have_a_constructor_with_parameters() {
        Kit.run(OneInstance.class).passed(1);
    }

    @Test
    void the_client_knows_secret_certificate_and_profile() {
        Kit.run(SecretAndTls.class).passed(1);
    }

    @Test
    void a_class_is_no_scope_for_the_field_of_one_test() {
        assertThat(Kit.run(TooLong.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContaining("cannot belong to the instance of one test")
                .hasMessageContaining("Make the field static, or leave the scope out");
    }

    /** The field is one, the classes are two, and run at the same time: a server in the field would be the other's. */
    @Test
    void classes_that_inherit_a_static_field_have_a_server_each() {
        Kit.runConcurrently(FirstChild.class, SecondChild.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(Parent.class, FakeDflockdServer.class)))
                .hasSize(2);
    }

    @Test
    void the_address_is_told_while_there_is_one() {
        assertThatThrownBy(Address.DFLOCKD::address)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no server runs for this extension now");

        Kit.run(Address.class).passed(1);

        assertThatThrownBy(Address.DFLOCKD::address).hasMessageContaining("no server runs");
    }

    @Test
    void settings_are_not_shared_by_what_one_builder_has_built() {
        DflockdExtension.Builder builder = DflockdExtension.builder().name("a");
        DflockdExtension first = builder.build();
        builder.name("b");

        assertThat(first.name()).isEqualTo("a");
        assertThat(builder.build().name()).isEqualTo("b");
    }

    static class InStaticField {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        @BeforeAll
        static void before(FakeDflockdServer server) {
            Kit.saw(InStaticField.class, server);
        }

        @RepeatedTest(2)
        void test(FakeDflockdServer server) {
            Kit.saw(InStaticField.class, server);
        }

        @Nested
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(InStaticField.class, server);
            }
        }
    }

    static class PerTest {
        @RegisterExtension
        static final DflockdExtension DFLOCKD =
                DflockdExtension.builder().scope(ServerScope.PER_METHOD).build();

        @RepeatedTest(2)
        void test(FakeDflockdServer server) {
            Kit.saw(PerTest.class, server);
        }
    }

    static class InInstanceField {
        @RegisterExtension
        final DflockdExtension dflockd = DflockdExtension.builder().build();

        @RepeatedTest(2)
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            Kit.saw(InInstanceField.class, server);
        }

        @Nested
        class Inner {
            @RepeatedTest(2)
            void inner(FakeDflockdServer server) {
                assertThat(dflockd.address()).isEqualTo(server.address());
                Kit.saw(InInstanceField.class, server);
            }
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class InOneInstance {
        @RegisterExtension
        final DflockdExtension dflockd =
                DflockdExtension.builder().scope(ServerScope.PER_CLASS).build();

        @BeforeAll
        void before(FakeDflockdServer server) {
            Kit.saw(InOneInstance.class, server);
        }

        @RepeatedTest(2)
        void test(FakeDflockdServer server) {
            Kit.saw(InOneInstance.class, server);
        }

        @Nested
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(InOneInstance.class, server);
            }
        }
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OneInstance {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        private final DflockdServer first;

        OneInstance(DflockdServer server) {
            first = server;
        }

        @Test
        void test(DflockdServer server) {
            assertThat(server).isSameAs(first);
        }
    }

    static class SecretAndTls {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withTls().withProfile(Profile.V2))
                .options(options -> options.withAuthToken("s3cret").withAutoReleaseOnDisconnect(false))
                .client(client -> client.defaultLease(Duration.ofSeconds(60)))
                .build();

        @Test
        void test(DflockdClient client) throws Exception {
            client.lock("orders").run(lease -> {
                assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(60));
                assertThat(lease.fencingToken()).isNotEqualTo(OptionalLong.empty());
            });
        }
    }

    static class TooLong {
        @RegisterExtension
        final DflockdExtension dflockd =
                DflockdExtension.builder().scope(ServerScope.PER_CLASS).build();

        @Test
        void test(DflockdClient client) {}
    }

    @Execution(ExecutionMode.CONCURRENT)
    abstract static class Parent {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        private static final CountDownLatch BEGUN = new CountDownLatch(2);
        private static final CountDownLatch ASKED = new CountDownLatch(2);

        @Test
        @Execution(ExecutionMode.SAME_THREAD)
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            BEGUN.countDown();
            assertThat(BEGUN.await(10, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(DFLOCKD::address).hasMessageContaining("2 servers run");
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            Kit.saw(Parent.class, server);
            ASKED.countDown();
            assertThat(ASKED.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    static class FirstChild extends Parent {}

    static class SecondChild extends Parent {}

    static class Address {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        @BeforeAll
        static void before() {
            assertThat(DFLOCKD.address()).startsWith("127.0.0.1:");
        }

        @Test
        void test(DflockdServer server) {
            assertThat(DFLOCKD.address()).isEqualTo(server.address());
        }
    }
}

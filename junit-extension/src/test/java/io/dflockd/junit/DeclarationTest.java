package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Where the annotation may stand, and that there is one server for each name, wherever it was found. */
class DeclarationTest {

    @Test
    void one_server_serves_the_whole_class() {
        Kit.run(TwoTests.class).passed(2);

        assertThat(servers(TwoTests.class)).hasSize(1);
        assertThat(Kit.seen(TwoTests.class, FakeDflockdServer.class)).hasSize(2);
    }

    @Test
    void a_nested_class_shares_the_server_which_lives_on_after_it() {
        Kit.run(Outer.class).passed(3);

        assertThat(servers(Outer.class)).hasSize(1);
        assertThat(Kit.seen(Outer.class, String.class)).containsExactly("open");
    }

    @Test
    void a_nested_class_with_its_own_annotation_has_its_own_server() {
        Kit.run(OuterOfAnother.class).passed(2);

        assertThat(servers(OuterOfAnother.class)).hasSize(2);
    }

    /** It is enclosed by the superclass in the source, and runs in the subclass, whose annotation counts. */
    @Test
    void a_nested_class_that_came_from_a_superclass_shares_the_server_of_the_class_it_runs_in() {
        Kit.run(InheritsNested.class).passed(1);

        assertThat(servers(HasNested.class)).hasSize(1);
        assertThat(servers(InheritsNested.class)).isEqualTo(servers(HasNested.class));
    }

    @Test
    void each_subclass_has_a_server_of_its_own() {
        Kit.run(FirstChild.class, SecondChild.class).passed(2);

        assertThat(servers(Parent.class)).hasSize(2);
    }

    @Test
    void the_annotation_may_stand_on_an_interface() {
        Kit.run(Implements.class).passed(1);

        assertThat(servers(Implements.class)).hasSize(1);
    }

    @Test
    void the_annotation_may_stand_on_another_annotation() {
        Kit.run(ByMeta.class).passed(1);

        assertThat(servers(ByMeta.class)).hasSize(1);
    }

    /** Superclass, interface, an annotation of its own and one behind it: others start something for each. */
    @Test
    void found_in_four_ways_it_is_one_server_with_the_nearest_settings() {
        Kit.run(Everywhere.class).passed(1);

        assertThat(servers(Everywhere.class)).hasSize(1);
        assertThat(servers(Everywhere.class).iterator().next().seed()).isEqualTo(4);
    }

    @Test
    void on_a_method_it_is_for_that_test_only() {
        Kit.run(OnMethods.class).passed(3);

        List<FakeDflockdServer> servers = Kit.seen(OnMethods.class, FakeDflockdServer.class);
        assertThat(servers).hasSize(4).doesNotHaveDuplicates();
        assertThat(servers).extracting(FakeDflockdServer::seed).contains(7L, 8L, 9L);
    }

    @Test
    void on_a_method_it_goes_before_the_one_on_the_class() {
        Kit.run(MethodBeforeClass.class).passed(2);

        assertThat(Kit.seen(MethodBeforeClass.class, FakeDflockdServer.class))
                .extracting(FakeDflockdServer::seed)
                .containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void two_that_differ_and_are_equally_near_are_refused() {
        assertThat(Kit.run(TwoMetas.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContaining("the server without a name is asked for twice, in different ways")
                .hasMessageContaining("TwoMetas by @io.dflockd.junit.DeclarationTest$Meta")
                .hasMessageContaining("TwoMetas by @io.dflockd.junit.DeclarationTest$OtherMeta");
        assertThat(Kit.run(TwoInterfaces.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContaining("DeclarationTest$HasServer")
                .hasMessageContaining("DeclarationTest$HasOtherServer");
        assertThat(Kit.run(SameName.class).onlyFailure())
                .hasMessageContaining("the server \"a\" is asked for twice")
                .hasMessageContaining("Give one of them a name");
    }

    @Test
    void a_disabled_class_starts_nothing() {
        Kit.run(NotRun.class).passed(0);
    }

    /** Nothing is left of a class whose @BeforeAll failed. */
    @Test
    void the_server_ends_also_if_the_class_does_not_begin() {
        Kit.run(FailsBefore.class).onlyFailure();

        assertThat(servers(FailsBefore.class)).hasSize(1).allSatisfy(ScopeTest::assertClosed);
    }

    private static Set<FakeDflockdServer> servers(Class<?> type) {
        return new HashSet<>(Kit.seen(type, FakeDflockdServer.class));
    }

    @WithDflockd
    static class TwoTests {
        @Test
        void one(FakeDflockdServer server) {
            Kit.saw(TwoTests.class, server);
        }

        @Test
        void two(FakeDflockdServer server) {
            Kit.saw(TwoTests.class, server);
        }
    }

    @WithDflockd
    static class Outer {
        @Test
        void outer(FakeDflockdServer server) {
            Kit.saw(Outer.class, server);
        }

        @AfterAll
        static void after(FakeDflockdServer server) {
            server.reset(); // which a closed one does not do
            Kit.saw(Outer.class, server, "open");
        }

        @Nested
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(Outer.class, server);
            }

            @Nested
            class Innermost {
                @Test
                void innermost(FakeDflockdServer server) {
                    Kit.saw(Outer.class, server);
                }
            }
        }
    }

    @WithDflockd
    static class OuterOfAnother {
        @Test
        void outer(FakeDflockdServer server) {
            Kit.saw(OuterOfAnother.class, server);
        }

        @Nested
        @WithDflockd(manualClock = true)
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(OuterOfAnother.class, server);
                assertThat(server.options().isManualClock()).isTrue();
            }
        }
    }

    abstract static class HasNested {
        @Nested
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(HasNested.class, server);
            }
        }
    }

    @WithDflockd
    static class InheritsNested extends HasNested {
        @BeforeAll
        static void before(FakeDflockdServer server) {
            Kit.saw(InheritsNested.class, server);
        }
    }

    @WithDflockd
    abstract static class Parent {
        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(Parent.class, server);
        }
    }

    static class FirstChild extends Parent {}

    static class SecondChild extends Parent {}

    @WithDflockd(seed = 1)
    interface HasServer {}

    @WithDflockd(seed = 2)
    interface HasOtherServer {}

    @Retention(RetentionPolicy.RUNTIME)
    @WithDflockd(seed = 3)
    @interface Meta {}

    @Retention(RetentionPolicy.RUNTIME)
    @WithDflockd(seed = 33)
    @interface OtherMeta {}

    static class Implements implements HasServer {
        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(Implements.class, server);
        }
    }

    @Meta
    static class ByMeta {
        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(ByMeta.class, server);
        }
    }

    @Meta
    @WithDflockd(seed = 4)
    static class Everywhere extends Parent implements HasServer {
        @Override
        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(Everywhere.class, server);
        }
    }

    static class OnMethods {
        @Test
        @WithDflockd(seed = 7)
        void one(FakeDflockdServer server) {
            Kit.saw(OnMethods.class, server);
        }

        @Test
        @WithDflockd(seed = 8)
        void two(FakeDflockdServer server) {
            Kit.saw(OnMethods.class, server);
        }

        @Test
        @WithDflockd(seed = 9)
        @WithDflockd(name = "other")
        void three(FakeDflockdServer server, @Dflockd("other") FakeDflockdServer other) {
            Kit.saw(OnMethods.class, server, other);
        }
    }

    @WithDflockd(seed = 1)
    static class MethodBeforeClass {
        @Test
        void one(FakeDflockdServer server) {
            Kit.saw(MethodBeforeClass.class, server);
        }

        @Test
        @WithDflockd(seed = 2)
        void two(FakeDflockdServer server) {
            Kit.saw(MethodBeforeClass.class, server);
        }
    }

    @Meta
    @OtherMeta
    static class TwoMetas {
        @Test
        void test() {}
    }

    static class TwoInterfaces implements HasServer, HasOtherServer {
        @Test
        void test() {}
    }

    @WithDflockd(name = "a", seed = 1)
    @WithDflockd(name = "a", seed = 2)
    static class SameName {
        @Test
        void test() {}
    }

    @Disabled("to see that nothing starts, this port would be refused")
    @WithDflockd(maxLocks = -1)
    static class NotRun {
        @Test
        void test() {}
    }

    @WithDflockd
    static class FailsBefore {
        @BeforeAll
        static void before(FakeDflockdServer server) {
            Kit.saw(FailsBefore.class, server);
            throw new IllegalStateException("no test begins");
        }

        @Test
        void test() {}
    }
}

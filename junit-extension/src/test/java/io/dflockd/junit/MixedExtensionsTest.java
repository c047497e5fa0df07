package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.fake.FakeDflockdServer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Annotations and extensions in fields beside each other. */
class MixedExtensionsTest {

    @Test
    void annotation_and_extensions_may_be_mixed_under_different_names() {
        Kit.run(Mixed.class).passed(2);

        assertThat(Kit.seen(Mixed.class, FakeDflockdServer.class))
                .extracting(FakeDflockdServer::seed)
                .contains(1L, 2L, 3L);
    }

    @Test
    void annotation_and_extension_do_not_compete_for_a_name() {
        for (Class<?> type : List.of(BothOnClass.class, BothOnInstance.class, BothInFields.class)) {
            assertThat(Kit.run(type).onlyFailure())
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessageContaining("the server without a name is asked for twice: ")
                    .hasMessageContaining("DflockdExtension built at MixedExtensionsTest.java:")
                    .hasMessageContaining("Leave one of them out, or give it a name");
        }
    }

    @Test
    void the_annotation_of_a_nested_class_goes_before_a_static_field_around_it() {
        Kit.run(AnnotatedInside.class).passed(1);
    }

    /** JUnit itself would not register a second extension of the same class. */
    @Test
    void the_annotation_of_a_method_goes_before_a_static_field() {
        Kit.run(AnnotatedMethod.class).passed(1);
    }

    @WithDflockd(seed = 1)
    static class Mixed {
        @RegisterExtension
        static final DflockdExtension A = DflockdExtension.builder()
                .name("a")
                .options(options -> options.withSeed(2))
                .build();

        @RegisterExtension
        final DflockdExtension b = DflockdExtension.builder()
                .name("b")
                .options(options -> options.withSeed(3))
                .build();

        @RepeatedTest(2)
        void test(FakeDflockdServer one, @Dflockd("a") FakeDflockdServer two, @Dflockd("b") FakeDflockdServer three) {
            Kit.saw(Mixed.class, one, two, three);
        }
    }

    @WithDflockd
    static class BothOnClass {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        @Test
        void test(DflockdClient client) {}
    }

    @WithDflockd
    static class BothOnInstance {
        @RegisterExtension
        final DflockdExtension dflockd = DflockdExtension.builder().build();

        @Test
        void test(DflockdClient client) {}
    }

    static class BothInFields {
        @RegisterExtension
        static final DflockdExtension ONE = DflockdExtension.builder().build();

        @RegisterExtension
        static final DflockdExtension OTHER = DflockdExtension.builder().build();

        @Test
        void test(DflockdClient client) {}
    }

    static class AnnotatedInside {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withSeed(1))
                .build();

        @Nested
        @WithDflockd(seed = 2)
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                assertThat(server.seed()).isEqualTo(2);
            }
        }
    }

    static class AnnotatedMethod {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withSeed(1))
                .build();

        @Test
        @WithDflockd(seed = 2)
        void test(FakeDflockdServer server) {
            assertThat(server.seed()).isEqualTo(2);
        }
    }
}

package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.util.HashSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that run once for each set of parameters, which JUnit has since 5.13. */
class ParameterizedClassTest {

    @Test
    void all_runs_of_a_class_share_its_server() {
        Kit.run(Annotated.class).passed(4);

        assertThat(new HashSet<>(Kit.seen(Annotated.class, FakeDflockdServer.class)))
                .hasSize(1)
                .allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void with_a_static_field_too() {
        Kit.run(InStaticField.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(InStaticField.class, FakeDflockdServer.class)))
                .hasSize(1);
    }

    @Test
    void with_a_field_of_the_one_instance_too() {
        Kit.run(InOneInstance.class).passed(2);

        assertThat(new HashSet<>(Kit.seen(InOneInstance.class, FakeDflockdServer.class)))
                .hasSize(1);
    }

    @ParameterizedClass
    @ValueSource(strings = {"a", "b"})
    @WithDflockd
    static class Annotated {
        private final String key;

        Annotated(String key, DflockdServer server) {
            this.key = key;
            assertThat(server.host()).isEqualTo("127.0.0.1");
        }

        @BeforeAll
        static void before(FakeDflockdServer server) {
            Kit.saw(Annotated.class, server);
        }

        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            Kit.saw(Annotated.class, server);
            assertThat(client.lock(key).call(Lease::key)).isEqualTo(key);
        }

        @Nested
        class Inner {
            @Test
            void inner(FakeDflockdServer server) {
                Kit.saw(Annotated.class, server);
            }
        }
    }

    @ParameterizedClass
    @ValueSource(strings = {"a", "b"})
    static class InStaticField {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder().build();

        InStaticField(String key) {
            assertThat(key).isNotEmpty();
        }

        @Test
        void test(FakeDflockdServer server) {
            Kit.saw(InStaticField.class, server);
        }
    }

    @ParameterizedClass
    @ValueSource(strings = {"a", "b"})
    @TestInstance(Lifecycle.PER_CLASS)
    static class InOneInstance {
        @RegisterExtension
        final DflockdExtension dflockd = DflockdExtension.builder().build();

        @Parameter
        String key = "";

        @Test
        void test(FakeDflockdServer server) {
            assertThat(key).isNotEmpty();
            Kit.saw(InOneInstance.class, server);
        }
    }
}

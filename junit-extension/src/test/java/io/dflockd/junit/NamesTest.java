package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Several servers, and which of them a test sees. */
class NamesTest {

    @Test
    void several_servers_have_names() {
        Kit.run(Named.class).passed(1);

        assertThat(Kit.seen(Named.class, FakeDflockdServer.class))
                .extracting(FakeDflockdServer::seed)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void names_of_a_nested_class_come_to_those_around_it() {
        Kit.run(NamedOutside.class).passed(1);

        assertThat(Kit.seen(NamedOutside.class, FakeDflockdServer.class))
                .extracting(FakeDflockdServer::seed)
                .containsExactly(1L, 22L, 3L);
    }

    @WithDflockd(name = "a", seed = 1)
    @WithDflockd(name = "b", seed = 2)
    @WithDflockd(seed = 3)
    static class Named {
        @Test
        void test(@Dflockd("a") FakeDflockdServer a, @Dflockd("b") FakeDflockdServer b, FakeDflockdServer third) {
            Kit.saw(Named.class, a, b, third);
        }
    }

    @WithDflockd(name = "a", seed = 1)
    @WithDflockd(name = "b", seed = 2)
    static class NamedOutside {
        @Nested
        @WithDflockd(name = "b", seed = 22)
        @WithDflockd(seed = 3)
        class Inner {
            @Test
            void test(@Dflockd("a") FakeDflockdServer a, @Dflockd("b") FakeDflockdServer b, FakeDflockdServer third) {
                Kit.saw(NamedOutside.class, a, b, third);
            }
        }
    }
}

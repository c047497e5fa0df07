package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opentest4j.TestAbortedException;

/** Who decides which back end it is, and what is said of a decision that makes no sense. */
class ChoiceTest {

    private static final Map<String, String> NOTHING = Map.of();

    private static Outside outside(
            Map<String, String> properties, Map<String, String> environment, Map<String, String> parameters) {
        return new Outside(
                name -> Optional.ofNullable(properties.get(name)),
                name -> Optional.ofNullable(environment.get(name)),
                name -> Optional.ofNullable(parameters.get(name)));
    }

    private static Outside properties(Map<String, String> properties) {
        return outside(properties, NOTHING, NOTHING);
    }

    private static Settings settings(DflockdExtension.Builder builder) {
        return Settings.of(builder, "here");
    }

    private static String chosen(Outside outside) {
        return Choice.of(settings(DflockdExtension.builder()), outside).toString();
    }

    @Test
    void the_fake_is_the_default() {
        assertThat(chosen(properties(NOTHING))).isEqualTo("fake (here)");
    }

    @Test
    void properties_count_before_the_environment_and_that_before_junits_parameters() {
        Map<String, String> property = Map.of("dflockd.backend", "container:a");
        Map<String, String> variable = Map.of("DFLOCKD_BACKEND", "container:b");
        Map<String, String> parameter = Map.of("dflockd.backend", "container:c");

        assertThat(chosen(outside(property, variable, parameter)))
                .isEqualTo("container of a (system property dflockd.backend)");
        assertThat(chosen(outside(NOTHING, variable, parameter)))
                .isEqualTo("container of b (environment variable DFLOCKD_BACKEND)");
        assertThat(chosen(outside(NOTHING, NOTHING, parameter)))
                .isEqualTo("container of c (JUnit configuration parameter dflockd.backend)");
        assertThat(chosen(outside(Map.of("dflockd.backend", " "), NOTHING, parameter)))
                .as("an empty one is none")
                .startsWith("container of c");
    }

    @ParameterizedTest
    @CsvSource({
        "fake, fake",
        "container, container",
        "container:dflockd:1.10, container of dflockd:1.10",
        "external:localhost:7000, external at localhost:7000",
        "external:localhost, external at localhost:6388",
        "external:[::1]:7000, external at [::1]:7000"
    })
    void what_can_be_said(String said, String meant) {
        assertThat(chosen(properties(Map.of("dflockd.backend", said))))
                .isEqualTo(meant + " (system property dflockd.backend)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker", "Fake", "fake:1", "container:", "external: ", ":"})
    void what_makes_no_sense_is_refused_with_its_source(String said) {
        assertThatThrownBy(() -> chosen(outside(NOTHING, Map.of("DFLOCKD_BACKEND", said), NOTHING)))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "the environment variable DFLOCKD_BACKEND is '" + said.strip()
                                + "': it must be fake, container, container:IMAGE, external or external:HOST:PORT, where HOST may be [IPV6]");
    }

    @Test
    void image_and_address_may_stand_by_themselves() {
        assertThat(chosen(
                        outside(Map.of("dflockd.backend", "container"), Map.of("DFLOCKD_IMAGE", "dflockd:2"), NOTHING)))
                .startsWith("container of dflockd:2 (");
        assertThat(chosen(
                        outside(Map.of("dflockd.address", "[::1]:1"), Map.of("DFLOCKD_BACKEND", "external"), NOTHING)))
                .startsWith("external at [::1]:1 (");
        assertThat(chosen(properties(Map.of("dflockd.backend", "container:a", "dflockd.image", "b"))))
                .as("what is said together belongs together")
                .startsWith("container of a");
    }

    @Test
    void an_address_that_is_none_is_refused_with_its_source() {
        assertThatThrownBy(() -> chosen(properties(Map.of("dflockd.backend", "external:localhost:lots"))))
                .hasMessageStartingWith("the system property dflockd.backend is 'localhost:lots': ")
                .hasMessageContaining("is not a port");
        assertThatThrownBy(() -> chosen(properties(Map.of("dflockd.backend", "external", "dflockd.address", "::1"))))
                .hasMessageStartingWith("the system property dflockd.address is '::1': ");
        assertThatThrownBy(() -> Choice.of(
                        settings(DflockdExtension.builder()
                                .backend(Backend.EXTERNAL)
                                .address("a:b")),
                        properties(NOTHING)))
                .hasMessageStartingWith("the address of here is 'a:b': ");
    }

    @Test
    void what_the_code_says_counts_before_all_that() {
        Outside wrong = properties(Map.of("dflockd.backend", "nonsense", "dflockd.address", "a:1"));
        Outside external = properties(Map.of("dflockd.backend", "external:a:1", "dflockd.image", "i"));

        assertThat(Choice.of(settings(DflockdExtension.builder().backend(Backend.FAKE)), wrong))
                .hasToString("fake (here)");
        assertThat(Choice.of(settings(DflockdExtension.builder().backend(Backend.EXTERNAL)), external))
                .hasToString("external at a:1 (here)");
        assertThat(Choice.of(
                        settings(DflockdExtension.builder()
                                .backend(Backend.EXTERNAL)
                                .address("b:2")),
                        external))
                .hasToString("external at b:2 (here)");
        assertThat(Choice.of(settings(DflockdExtension.builder().backend(Backend.CONTAINER)), external))
                .hasToString("container of i (here)");
    }

    /** Or two servers of a test would be one. */
    @Test
    void a_server_with_a_name_has_an_address_of_its_own() {
        Settings a = settings(DflockdExtension.builder().name("a"));

        assertThat(Choice.of(a, properties(Map.of("dflockd.backend", "external", "dflockd.address.a", "x:1"))))
                .hasToString("external at x:1 (system property dflockd.backend)");
        assertThatThrownBy(() ->
                        Choice.of(a, properties(Map.of("dflockd.backend", "external:y:1", "dflockd.address", "y:2"))))
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("here: the server \"a\" is external (system property dflockd.backend) and has no address:"
                        + " set the system property dflockd.address.a or the environment variable DFLOCKD_ADDRESS_A");
        assertThatThrownBy(() -> chosen(properties(Map.of("dflockd.backend", "external"))))
                .hasMessageEndingWith("set the system property dflockd.address or the environment variable"
                        + " DFLOCKD_ADDRESS, or say external:HOST:PORT");
    }

    @Test
    void without_an_engine_tests_are_skipped_with_one_loud_line() {
        List<String> loud = new ArrayList<>();

        assertThatThrownBy(() -> requireEngine(properties(NOTHING), false, loud))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage(
                        "skipped: the server without a name is container (system property dflockd.backend), and there is"
                                + " no container engine that Testcontainers finds");
        assertThat(loud)
                .singleElement()
                .asString()
                .contains("TESTS ARE SKIPPED")
                .doesNotContain("\n");
    }

    @Test
    void without_an_engine_tests_fail_in_ci_or_where_it_is_required() {
        List<String> loud = new ArrayList<>();
        for (Outside required : List.of(
                outside(NOTHING, Map.of("CI", "true"), NOTHING),
                properties(Map.of("dflockd.container.required", "true")),
                outside(NOTHING, Map.of("DFLOCKD_CONTAINER_REQUIRED", "true"), NOTHING))) {
            assertThatThrownBy(() -> requireEngine(required, false, loud))
                    .isInstanceOf(ExtensionConfigurationException.class)
                    .hasMessageStartingWith("here: the server without a name is container")
                    .hasMessageContaining("Start Docker or another one.");
        }
        assertThat(loud).isEmpty();
    }

    @Test
    void whether_it_is_required_can_be_said_even_in_ci_and_must_be_true_or_false() {
        Outside no = outside(Map.of("dflockd.container.required", "false"), Map.of("CI", "true"), NOTHING);
        Outside wrong = properties(Map.of("dflockd.container.required", "yes"));

        assertThatThrownBy(() -> requireEngine(no, false, new ArrayList<>())).isInstanceOf(TestAbortedException.class);
        assertThatThrownBy(() -> requireEngine(wrong, false, new ArrayList<>()))
                .hasMessage("the system property dflockd.container.required is 'yes': it must be true or false");
        requireEngine(wrong, true, new ArrayList<>());
    }

    private static void requireEngine(Outside outside, boolean available, List<String> loud) {
        Settings settings = settings(DflockdExtension.builder());
        Choice choice = Choice.of(settings, properties(Map.of("dflockd.backend", "container")));
        Engine.requireEngine(settings, choice, outside, () -> available, loud::add);
    }
}

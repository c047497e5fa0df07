package io.dflockd.chaos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The rules that span modules; each module's own are tested there. */
class ArchitectureTest {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.dflockd");

    @Test
    void what_is_internal_is_used_by_its_own_module_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.dflockd.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.dflockd.client.internal..")
                .check(OURS);
    }

    @Test
    void client_and_fake_do_not_know_each_other() {
        noClasses()
                .that()
                .resideInAPackage("io.dflockd.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.dflockd.fake..")
                .check(OURS);
        noClasses()
                .that()
                .resideInAPackage("io.dflockd.fake..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.dflockd.client..")
                .check(OURS);
    }

    @Test
    void jqwik_is_for_tests_only() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.jqwik..")
                .check(OURS);
    }

    @Test
    void nothing_is_drawn_without_a_seed_in_the_simulator() {
        noClasses()
                .that()
                .resideInAPackage("io.dflockd.chaos.simulation..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Random.class, ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .check(OURS);
    }

    @Test
    void there_is_no_mutable_static() {
        fields().that().areStatic().should().beFinal().check(OURS);
    }
}

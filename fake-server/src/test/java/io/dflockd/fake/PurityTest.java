package io.dflockd.fake;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Engine and protocol know nothing of the world: no sockets, files, threads, clocks or randomness (DESIGN section 3). */
class PurityTest {

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dflockd.fake");

    @Test
    void the_engine_uses_plain_data_and_the_protocol_only() {
        classes()
                .that()
                .resideInAPackage("io.dflockd.fake.engine")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "java.time",
                        "org.jspecify.annotations",
                        "io.dflockd.fake.engine",
                        "io.dflockd.fake.protocol")
                .check(all);
    }

    @Test
    void the_protocol_uses_plain_data_only() {
        classes()
                .that()
                .resideInAPackage("io.dflockd.fake.protocol")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.math",
                        "java.nio.charset",
                        "java.util",
                        "java.util.function",
                        "java.util.stream",
                        "org.jspecify.annotations",
                        "io.dflockd.fake.protocol")
                .check(all);
    }

    @Test
    void neither_asks_for_the_time_a_thread_or_chance() {
        noClasses()
                .that()
                .resideInAnyPackage("io.dflockd.fake.engine", "io.dflockd.fake.protocol")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.SplittableRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.UUID")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.time\\.(Clock|Instant|LocalDateTime|ZonedDateTime)")
                .check(all);
    }
}

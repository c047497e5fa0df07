package io.dflockd.client;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.dflockd.client.internal.JdkRuntime;
import java.net.Socket;
import java.nio.channels.Channel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Calendar;
import java.util.Date;
import java.util.Random;
import java.util.Timer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.Test;

/** The client reaches the world through its SPI only, so that a simulator can be its world. */
class ArchitectureTest {

    private static final JavaClasses CLIENT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.dflockd.client");

    private static final DescribedPredicate<JavaClass> ITS_JDK_SIDE = DescribedPredicate.describe(
            "the JDK side of the SPI",
            type -> type.getName().startsWith(JdkRuntime.class.getName())
                    || type.getName().equals("io.dflockd.client.internal.SocketTransport")
                    || type.getName().startsWith("io.dflockd.client.internal.DeadlineSocket")
                    || type.getName().startsWith("io.dflockd.client.internal.SelectorWatch")
                    || type.getName().startsWith("io.dflockd.client.internal.WatchedChannel")
                    || type.getName().equals("io.dflockd.client.internal.TimedRead")
                    || type.getName().equals("io.dflockd.client.internal.TlsTransport"));

    @Test
    void only_the_jdk_side_knows_clocks_and_chance() {
        ArchRule rule = noClasses()
                .that(DescribedPredicate.not(ITS_JDK_SIDE))
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "identityHashCode", Object.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat(are(DescribedPredicate.describe(
                        "clocks or chance",
                        type -> type.isAssignableTo(Clock.class)
                                || type.isEquivalentTo(Instant.class)
                                || type.isAssignableTo(Random.class)
                                || type.isEquivalentTo(ThreadLocalRandom.class))));
        rule.check(CLIENT);
    }

    /** The JDK side included: a clock that somebody can move is no clock for leases (DESIGN rule 1). */
    @Test
    void nobody_asks_a_wall_clock() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat(are(DescribedPredicate.describe(
                        "of java.time, other than Duration, or a date",
                        type -> (type.getPackageName().startsWith("java.time") && !type.isEquivalentTo(Duration.class))
                                || type.isEquivalentTo(Date.class)
                                || type.isAssignableTo(Calendar.class))))
                .check(CLIENT);
    }

    /** An {@code Executor} that is handed in is the user's affair. */
    @Test
    void only_the_jdk_side_knows_threads_and_locks() {
        ArchRule rule = noClasses()
                .that(DescribedPredicate.not(ITS_JDK_SIDE))
                .should()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "join")
                .orShould()
                .callMethod(Thread.class, "join", long.class)
                .orShould()
                .callMethod(Thread.class, "yield")
                .orShould()
                .callMethod(Thread.class, "onSpinWait")
                .orShould()
                .callMethod(Object.class, "wait")
                .orShould()
                .callMethod(Object.class, "wait", long.class)
                .orShould()
                .dependOnClassesThat(are(DescribedPredicate.describe(
                        "locks, executors or futures",
                        type -> type.isEquivalentTo(ReentrantLock.class)
                                || type.isEquivalentTo(ReentrantReadWriteLock.class)
                                || type.isEquivalentTo(StampedLock.class)
                                || type.isEquivalentTo(LockSupport.class)
                                || type.isAssignableTo(AbstractQueuedSynchronizer.class)
                                || type.isAssignableTo(ExecutorService.class)
                                || type.isEquivalentTo(Executors.class)
                                || type.isAssignableTo(Future.class)
                                || type.isAssignableTo(Timer.class))));
        rule.check(CLIENT);
    }

    @Test
    void only_the_jdk_side_knows_sockets() {
        noClasses()
                .that(DescribedPredicate.not(ITS_JDK_SIDE))
                .should()
                .dependOnClassesThat(are(DescribedPredicate.describe(
                        "sockets", type -> type.isAssignableTo(Socket.class) || type.isAssignableTo(Channel.class))))
                .check(CLIENT);
    }

    @Test
    void the_spi_knows_nothing_of_the_rest() {
        noClasses()
                .that()
                .resideInAPackage("io.dflockd.client.spi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.dflockd.client", "io.dflockd.client.internal..")
                .check(CLIENT);
    }

    @Test
    void rule_15_only_the_binder_knows_micrometer_which_may_be_missing() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.dflockd.client.micrometer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micrometer..", "io.dflockd.client.micrometer..")
                .check(CLIENT);
    }

    @Test
    void the_client_needs_slf4j_and_nothing_else() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.dflockd.client.micrometer..")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..", "javax.net..", "org.slf4j..", "org.jspecify..", "io.dflockd.client..")
                .check(CLIENT);
    }
}

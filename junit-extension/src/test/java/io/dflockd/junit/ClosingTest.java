package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** In which order things end, and that each of them does. Alone, since the threads of this JVM are counted. */
@Isolated
class ClosingTest {

    /** Nothing runs beside these tests, so that every thread counts. */
    private static final Map<String, String> ALONE = Map.of(Kit.PARALLEL, "false");

    @Test
    void client_and_server_are_there_in_after_each() {
        Kit.run(UsedAfterwards.class).passed(1);
        Kit.run(UsedAfterwardsPerTest.class).passed(1);
    }

    /** They are closed after @AfterEach, and want to say good-bye to their server. */
    @Test
    void client_and_server_are_there_for_auto_close_fields() {
        Kit.run(AutoClosed.class).passed(2);
        Kit.run(AutoClosedPerTest.class).passed(2);
        Kit.run(AutoClosedOfOneInstance.class).passed(1);

        assertThat(Kit.seen(AutoClosed.class, String.class)).containsExactly("held", "held");
        assertThat(Kit.seen(AutoClosedPerTest.class, String.class)).containsExactly("held", "held");
        assertThat(Kit.seen(AutoClosedOfOneInstance.class, String.class)).containsExactly("held");
    }

    @Test
    void a_test_may_close_its_client_itself() {
        Kit.run(ClosesClient.class).passed(1);
    }

    @Test
    void a_test_may_close_the_server_that_is_its_own() {
        Kit.run(ClosesOwnServer.class).passed(2);
    }

    @Test
    void a_server_that_a_test_closed_is_missed_with_a_clear_word() {
        Map<String, Throwable> failures = Kit.run(ClosesServer.class).failures();

        assertThat(failures).hasSize(1);
        assertThat(failures.values()).first().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("cannot be reset for this test")
                .hasMessageContaining("If an earlier test closed it: leave that to the extension"));
    }

    /** Each of them ends, whatever the others do, and no failure hides another. */
    @Test
    void a_close_that_fails_hides_nothing_and_stops_nothing() {
        Throwable failure = Kit.run(FailsToClose.class).onlyFailure();

        assertThat(failure).hasMessage("of the test");
        assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).contains("of the field");
        assertThat(Kit.seen(FailsToClose.class, FakeDflockdServer.class)).allSatisfy(ScopeTest::assertClosed);
        assertThat(Kit.seen(FailsToClose.class, DflockdClient.class)).allSatisfy(ScopeTest::assertClosed);
    }

    @Test
    void failures_of_several_steps_are_all_told() {
        Failures failures = new Failures();
        failures.guard(() -> {
            throw new IllegalStateException("first");
        });
        failures.guard(() -> {
            throw new AssertionError("second");
        });
        List<String> steps = new ArrayList<>();
        failures.guard(() -> steps.add("third"));

        assertThat(catchThrowable(failures::throwFirst)).hasMessage("first").satisfies(first -> assertThat(
                        first.getSuppressed())
                .extracting(Throwable::getMessage)
                .containsExactly("second"));
        assertThat(steps).containsExactly("third");
    }

    @Test
    void nothing_is_left_of_many_classes() {
        List<String> before = threads();
        for (int i = 0; i < 5; i++) {
            Kit.run(UsedAfterwards.class, UsedAfterwardsPerTest.class, InField.class);
        }

        assertThat(threads()).isEqualTo(before);
    }

    @Test
    void a_server_that_the_test_started_and_did_not_close_is_a_leak() {
        assertThat(Kit.run(ALONE, OwnServer.class).onlyFailure())
                .hasMessageContaining("a FakeDflockdServer was not closed, and still has dflockd-fake-");
    }

    @Test
    void where_others_run_nobody_knows_whose_server_it_is() {
        Kit.run(OwnServer.class).passed(1);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("dflockd-"))
                .sorted()
                .toList();
    }

    private static void use(DflockdClient client) throws Exception {
        assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
    }

    @WithDflockd
    static class UsedAfterwards {
        private final List<DflockdClient> ofTest = new ArrayList<>();

        @Test
        void test(DflockdClient client) throws Exception {
            ofTest.add(client);
            use(client);
        }

        @AfterEach
        void after(FakeDflockdServer server) throws Exception {
            use(ofTest.get(0));
            assertThat(server.journal().size()).isPositive();
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class UsedAfterwardsPerTest extends UsedAfterwards {}

    /** Once it has begun it holds a lock until it is closed, and looks then whether it still does. */
    static final class Service implements AutoCloseable {
        private final Class<?> user;
        private final Deque<Lease> leases = new ArrayDeque<>();
        private final Deque<DflockdClient> clients = new ArrayDeque<>();

        Service(Class<?> user) {
            this.user = user;
        }

        void begin(DflockdServer server) throws Exception {
            clients.add(DflockdClient.connect(server.address()));
            leases.add(clients.getLast().lock("service").acquire());
        }

        @Override
        public void close() {
            Kit.saw(user, leases.removeLast().release() ? "held" : "lost");
            clients.removeLast().close();
        }
    }

    @WithDflockd
    static class AutoClosed {
        @AutoClose
        private final Service service = new Service(AutoClosed.class);

        @RepeatedTest(2)
        void test(DflockdServer server) throws Exception {
            service.begin(server);
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class AutoClosedPerTest {
        @AutoClose
        private final Service service = new Service(AutoClosedPerTest.class);

        @RepeatedTest(2)
        void test(DflockdServer server) throws Exception {
            service.begin(server);
        }
    }

    /** Its field is closed with the class; until then nobody can tell it from a leak. */
    @WithDflockd(leakCheck = LeakCheck.OFF)
    @TestInstance(Lifecycle.PER_CLASS)
    static class AutoClosedOfOneInstance {
        @AutoClose
        private final Service service = new Service(AutoClosedOfOneInstance.class);

        @Test
        void test(DflockdServer server) throws Exception {
            service.begin(server);
        }
    }

    @WithDflockd
    static class ClosesClient {
        @Test
        void test(DflockdClient client) throws Exception {
            try (client) {
                use(client);
            }
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class ClosesOwnServer {
        @RepeatedTest(2)
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            try (server) {
                use(client);
            }
        }
    }

    @WithDflockd
    static class ClosesServer {
        @RepeatedTest(2)
        void test(FakeDflockdServer server) {
            server.close();
        }
    }

    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class FailsToClose {
        @AutoClose("fail")
        private final FailsToClose field = this;

        void fail() {
            throw new IllegalStateException("of the field");
        }

        @Test
        void test(FakeDflockdServer server, DflockdClient client) {
            Kit.saw(FailsToClose.class, server, client);
            throw new IllegalStateException(field == this ? "of the test" : "of nobody");
        }
    }

    static class InField {
        @RegisterExtension
        static final DflockdExtension DFLOCKD =
                DflockdExtension.builder().options(options -> options.withTls()).build();

        @BeforeAll
        static void before(DflockdClient client) throws Exception {
            use(client);
        }

        @Test
        void test(DflockdClient client) throws Exception {
            use(client);
        }

        @AfterAll
        static void after(DflockdClient client) throws Exception {
            use(client);
        }
    }

    @WithDflockd
    static class OwnServer {
        private static final Deque<FakeDflockdServer> OWN = new ArrayDeque<>();

        @Test
        void test() {
            OWN.add(FakeDflockdServer.start());
        }

        @AfterAll
        static void after() {
            OWN.remove().close();
        }
    }
}

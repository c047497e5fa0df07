package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** What a test must not leave behind, and what it may. */
class LeakCheckTest {

    static void armUnused(FakeDflockdServer server) {
        server.on(acquire("never")).at(BEFORE_APPLY).then(reset());
    }

    @Test
    void a_lock_that_is_held_fails_the_test() {
        assertThat(leak(HoldsLock.class))
                .hasMessageContaining("'orders' is still held by connection 1, which got it by request #1")
                .hasMessageContaining("Where this is meant: leakCheck = WARN or OFF.");
    }

    @Test
    void each_test_is_judged_by_itself() {
        assertThat(Kit.run(HoldsLockInOne.class).failures().keySet()).containsExactly("leaks(DflockdClient)");
    }

    @Test
    void a_waiter_in_a_queue_fails_the_test() {
        assertThat(leak(Waits.class)).hasMessageContaining("connection 1 still waits for 'orders'");
    }

    @Test
    void a_fault_that_never_struck_fails_the_test() {
        assertThat(leak(UnusedFault.class))
                .hasMessageContaining("the fault \"acquire never BEFORE_APPLY: Reset\" never struck");
        assertThat(leak(UnusedDeclaredFault.class)).hasMessageContaining("\"acquire never BEFORE_APPLY: Close\"");
    }

    @Test
    void a_client_that_was_not_closed_fails_the_test() {
        assertThat(leak(OpenClient.class))
                .hasMessageContaining("a DflockdClient was not closed, and still has\n    dflockd-renewal-127.0.0.1:");
    }

    @Test
    void a_failed_test_keeps_its_own_failure() {
        assertThat(Kit.run(FailsAndLeaks.class).onlyFailure())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("its own")
                .satisfies(
                        failure -> assertThat(failure.getSuppressed()).hasOnlyElementsOfType(WhatTheServerSaw.class));
    }

    @Test
    void a_failure_after_the_test_is_its_own_too() {
        assertThat(Kit.run(FailsAfterwards.class).onlyFailure())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("afterwards");
    }

    @Test
    void an_aborted_test_is_not_failed() {
        Map<String, Throwable> failures = Kit.run(AbortsAndLeaks.class).failures();

        assertThat(failures).hasSize(1);
        assertThat(failures.values()).first().isInstanceOf(TestAbortedException.class);
    }

    @Test
    void a_failed_dynamic_test_is_enough() {
        assertThat(Kit.run(DynamicLeaks.class).failures().keySet()).containsExactly("fails");
        assertThat(Kit.run(DynamicOnlyLeaks.class).onlyFailure()).hasMessageContaining("'orders' is still held");
    }

    @Test
    void a_warning_fails_nothing_and_is_published() {
        Kit.Outcome outcome = Kit.run(Warned.class).passed(1);

        assertThat(outcome.entry("dflockd-leaks").orElseThrow()).contains("'orders' is still held");
        assertThat(outcome.entry("dflockd").orElseThrow()).contains("held: orders by conn 1");
    }

    @Test
    void who_does_not_look_sees_nothing() {
        assertThat(Kit.run(NotLooked.class).passed(1).entry("dflockd-leaks")).isEmpty();
    }

    @Test
    void a_leak_on_either_of_two_servers_is_told_with_its_name() {
        assertThat(Kit.run(TwoServers.class).onlyFailure())
                .hasMessageContaining("'orders' is still held")
                .satisfies(failure -> assertThat(failure.getSuppressed()[0]).hasMessageContaining("server \"b\": "));
    }

    private static Throwable leak(Class<?> type) {
        Throwable failure = Kit.run(type).onlyFailure();
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the test left something behind:\n  - ");
        return failure;
    }

    @WithDflockd
    static class HoldsLock {
        @Test
        void test(DflockdClient client) throws Exception {
            hold(client);
        }
    }

    /** The lease is kept: of one that nobody has any more the client would free the slot. */
    static void hold(DflockdClient client) throws Exception {
        Kit.saw(
                LeakCheckTest.class,
                client.lock("orders").tryAcquire(Duration.ZERO).orElseThrow());
    }

    @WithDflockd
    static class HoldsLockInOne {
        @Test
        void leaks(DflockdClient client) throws Exception {
            hold(client);
        }

        @Test
        void does_not(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd
    static class Waits {
        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            server.steal("orders");
            Enqueued place = client.lock("orders").enqueue();
            Kit.saw(Waits.class, place);
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
        }
    }

    @WithDflockd
    static class UnusedFault {
        @Test
        void test(FakeDflockdServer server) {
            armUnused(server);
        }
    }

    @WithDflockd
    @DflockdFault("acquire:before-apply:close:key=of-the-class")
    static class UnusedDeclaredFault {
        @Test
        @DflockdFault("acquire:before-apply:close:key=never")
        void test() {}
    }

    @WithDflockd
    static class OpenClient {
        private static final List<DflockdClient> OPEN = new ArrayList<>();

        @Test
        void test(DflockdServer server) throws Exception {
            OPEN.add(DflockdClient.connect(server.address()));
            assertThat(OPEN.get(0).lock("orders").call(Lease::isHeld)).isTrue();
        }

        @AfterAll
        static void after() {
            OPEN.remove(0).close();
        }
    }

    @WithDflockd
    static class FailsAndLeaks {
        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            armUnused(server);
            hold(client);
            throw new IllegalStateException("its own");
        }
    }

    @WithDflockd
    static class FailsAfterwards {
        @Test
        void test(DflockdClient client) throws Exception {
            hold(client);
        }

        @AfterEach
        void after() {
            throw new IllegalStateException("afterwards");
        }
    }

    @WithDflockd
    static class AbortsAndLeaks {
        @Test
        void test(DflockdClient client) throws Exception {
            hold(client);
            assumeTrue(false);
        }
    }

    @WithDflockd
    static class DynamicLeaks {
        @TestFactory
        Stream<DynamicTest> factory(DflockdClient client) {
            return Stream.of(DynamicTest.dynamicTest("fails", () -> {
                hold(client);
                throw new IllegalStateException("its own");
            }));
        }
    }

    @WithDflockd
    static class DynamicOnlyLeaks {
        @TestFactory
        Stream<DynamicTest> factory(DflockdClient client) {
            return Stream.of(DynamicTest.dynamicTest("leaks", () -> hold(client)));
        }
    }

    @WithDflockd(leakCheck = LeakCheck.WARN)
    static class Warned extends HoldsLock {}

    @WithDflockd(leakCheck = LeakCheck.OFF)
    static class NotLooked {
        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            armUnused(server);
            hold(client);
        }
    }

    @WithDflockd(name = "a")
    @WithDflockd(name = "b")
    static class TwoServers {
        @Test
        void test(@Dflockd("b") DflockdClient client) throws Exception {
            hold(client);
        }
    }
}

package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What a test may leave, or leave to be closed. */
class NoLeakTest {

    /** Nobody can tell it from one that is meant to live on. */
    @Test
    void a_client_of_the_class_may_live_on() {
        Kit.run(OwnClientOfClass.class).passed(2);
    }

    @Test
    void what_is_closed_in_after_each_is_no_leak() {
        Kit.run(ClosedAfterEach.class).passed(1);
    }

    @Test
    void scripted_holders_expired_leases_and_idle_connections_are_no_leak() {
        Kit.run(NoLeaks.class).passed(4);
    }

    /** The server cannot know of the end of what it is cut off from. */
    @Test
    void what_was_closed_behind_a_partition_or_a_frozen_server_is_no_leak() {
        Kit.run(CutOff.class).passed(2);
    }

    @WithDflockd
    static class OwnClientOfClass {
        private static DflockdClient own;

        @BeforeAll
        static void before(DflockdServer server) {
            own = DflockdClient.connect(server.address());
        }

        @RepeatedTest(2)
        void test() throws Exception {
            assertThat(own.lock("orders").call(Lease::isHeld)).isTrue();
        }

        @AfterAll
        static void after() {
            own.close();
        }
    }

    @WithDflockd
    static class ClosedAfterEach {
        private final List<DflockdClient> own = new ArrayList<>();

        @Test
        void test(DflockdServer server) throws Exception {
            own.add(DflockdClient.connect(server.address()));
            LeakCheckTest.hold(own.get(0));
        }

        @AfterEach
        void after() {
            own.get(0).close();
        }
    }

    @WithDflockd(manualClock = true)
    static class NoLeaks {
        @Test
        void scripted(FakeDflockdServer server) {
            server.steal("orders");
        }

        @Test
        void expired(FakeDflockdServer server, DflockdClient client) throws Exception {
            server.limits().pauseSweeps();
            LeakCheckTest.hold(client);
            server.clock().advance(Duration.ofSeconds(34));
            assertThat(server.state().held()).hasSize(1);
        }

        @Test
        void idle(FakeDflockdServer server, DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            assertThat(server.state().connections()).isNotEmpty();
        }

        @Test
        void taken_back(FakeDflockdServer server) {
            server.on(acquire("never")).at(BEFORE_APPLY).then(reset()).remove();
        }
    }

    @WithDflockd
    static class CutOff {
        @Test
        void partition(FakeDflockdServer server) throws Exception {
            holdAndClose(server, server::partition);
        }

        @Test
        void frozen(FakeDflockdServer server) throws Exception {
            holdAndClose(server, () -> server.clock().freeze(Duration.ofMinutes(1)));
        }

        private static void holdAndClose(FakeDflockdServer server, Runnable cut) throws Exception {
            try (DflockdClient client = DflockdClient.connect(server.address())) {
                LeakCheckTest.hold(client);
                cut.run();
            }
            assertThat(server.state().held()).hasSize(1);
        }
    }
}

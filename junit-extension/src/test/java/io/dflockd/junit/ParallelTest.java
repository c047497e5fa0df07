package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests and classes that run at the same time. */
class ParallelTest {

    @Test
    void classes_run_beside_each_other() {
        Kit.runConcurrently(MeetsOther.class, MeetsOne.class).passed(2);
    }

    @Test
    void tests_with_their_own_servers_run_beside_each_other() {
        Kit.runConcurrently(Meeting.class).passed(2);
    }

    /** A reset under the other's feet would be a riddle. */
    @Test
    void tests_that_share_a_server_must_not_run_beside_each_other() {
        assertThat(Kit.runConcurrently(Sharing.class).failures().values())
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(ExtensionConfigurationException.class)
                        .hasMessageContaining("the tests of Sharing share one server")
                        .hasMessageContaining("Say scope = PER_METHOD")
                        .hasMessageContaining("or @Execution(SAME_THREAD) on the class"));
    }

    @Test
    void tests_that_share_a_server_may_be_kept_apart() {
        Kit.runConcurrently(InOneThread.class, Locked.class).passed(4);
    }

    private static final CountDownLatch CLASSES = new CountDownLatch(2);

    /** Both must be there before either goes on. */
    @WithDflockd
    @Execution(ExecutionMode.CONCURRENT)
    static class MeetsOther {
        @Test
        @Execution(ExecutionMode.SAME_THREAD)
        void test(DflockdClient client) throws Exception {
            meet(CLASSES, client);
        }
    }

    static class MeetsOne extends MeetsOther {}

    @WithDflockd(scope = ServerScope.PER_METHOD)
    @Execution(ExecutionMode.CONCURRENT)
    static class Meeting {
        private static final CountDownLatch TESTS = new CountDownLatch(2);

        @Test
        void one(DflockdClient client) throws Exception {
            meet(TESTS, client);
        }

        @Test
        void two(DflockdClient client) throws Exception {
            meet(TESTS, client);
        }
    }

    private static void meet(CountDownLatch all, DflockdClient client) throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            all.countDown();
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @WithDflockd
    static class Sharing {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    @WithDflockd
    @Execution(ExecutionMode.SAME_THREAD)
    static class InOneThread {
        @RepeatedTest(2)
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd
    @ResourceLock("the server")
    static class Locked {
        @RepeatedTest(2)
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }
}

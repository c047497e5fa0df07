package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.log.LogTap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners of losses that run on an executor of the user: DESIGN section 4, rule 5. */
@Timeout(60)
class LossExecutorTest {

    private final LogTap tap = LogTap.open();
    private final LossLog log = new LossLog();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start();
        client = DflockdClient.connect(server.address());
    }

    @AfterEach
    void close() {
        tap.close();
        client.close();
        server.close();
    }

    @Test
    void rule_05_listener_runs_where_its_executor_has_it_run() throws Exception {
        lose(task -> new Thread(task, "the-users-own").start());
        assertThat(log.losses()).containsExactly(new LeaseLost("orders", CONNECTION_LOST));
        assertThat(threads).containsExactly("the-users-own");
        assertThat(tap.lines("executor")).isEmpty();
    }

    @Test
    void rule_05_listener_whose_executor_rejects_it_runs_on_a_thread_of_the_client() throws Exception {
        lose(task -> {
            throw new RejectedExecutionException("shut down");
        });
        assertToldHereAndLoggedOnce();
    }

    @Test
    void rule_05_listener_whose_executor_fails_with_an_error_runs_on_a_thread_of_the_client() throws Exception {
        lose(task -> {
            throw new AssertionError("an executor's own mistake");
        });
        assertToldHereAndLoggedOnce();
    }

    @Test
    void rule_05_executor_that_runs_the_listener_twice_and_then_throws_tells_it_once() throws Exception {
        CountDownLatch thrown = new CountDownLatch(1);
        lose(task -> {
            task.run();
            task.run();
            thrown.countDown();
            throw new IllegalStateException("too late");
        });
        thrown.await();
        client.close(); // which waits for the thread of the client
        assertThat(log.losses()).hasSize(1);
        assertThat(tap.lines("did not take it")).hasSize(1);
    }

    @Test
    void rule_05_executor_that_blocks_delays_nobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        Lease lease = client.lock("orders").acquire();
        lease.onLost(
                task -> {
                    try {
                        blocked.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    task.run();
                },
                log);
        LossLog other = new LossLog();
        lease.onLost(other);
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> other.losses().size() == 1);
        assertThat(client.lock("orders").acquire().release()).isTrue();
        assertThat(log.losses()).isEmpty();
        blocked.countDown();
        await().until(() -> log.losses().size() == 1);
    }

    @Test
    void rule_05_listener_that_throws_is_no_mistake_of_its_executor() throws Exception {
        Lease lease = client.lock("orders").acquire();
        lease.onLost(Runnable::run, loss -> {
            log.accept(loss);
            throw new IllegalStateException("a listener's own mistake");
        });
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> !tap.lines("a listener's own mistake").isEmpty());
        assertThat(log.losses()).hasSize(1);
        assertThat(tap.lines("did not take it")).isEmpty();
        assertThat(tap.lines("'orders' failed")).hasSize(1);
    }

    @Test
    @SuppressWarnings("NullAway")
    void executor_and_listener_must_be_there() throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            assertThatNullPointerException().isThrownBy(() -> lease.onLost(null, log));
            assertThatNullPointerException().isThrownBy(() -> lease.onLost(Runnable::run, null));
        }
    }

    private void assertToldHereAndLoggedOnce() {
        assertThat(log.losses()).containsExactly(new LeaseLost("orders", CONNECTION_LOST));
        assertThat(threads).singleElement().asString().startsWith("dflockd-lost-");
        assertThat(tap.lines("did not take it"))
                .singleElement()
                .asString()
                .startsWith("ERROR")
                .contains("'orders'");
    }

    private void lose(Executor executor) throws InterruptedException {
        Lease lease = client.lock("orders").acquire();
        lease.onLost(executor, loss -> {
            threads.add(Thread.currentThread().getName());
            log.accept(loss);
        });
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> log.losses().size() == 1);
    }
}

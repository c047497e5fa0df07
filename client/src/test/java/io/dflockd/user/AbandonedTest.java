package io.dflockd.user;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.log.LogTap;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of leases and places that a user loses sight of: DESIGN section 4, rule 10. In a package of its own, as users are. */
@Timeout(60)
class AbandonedTest {

    private static final Duration LONG = ofMinutes(10);

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LogTap log = LogTap.open();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start();
        client = DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .serverReadTimeout(ofSeconds(5)) // so that each is looked at every two seconds
                .build();
    }

    @AfterEach
    void close() {
        log.close();
        client.close();
        server.close();
    }

    @Test
    void rule_10_lease_that_nobody_has_any_more_is_reported_once_with_its_place_and_freed() throws Exception {
        BlockingQueue<LeaseLost> losses = new LinkedBlockingQueue<>();
        acquireAndForget(losses);

        awaitCollected("was not released");

        assertThat(log.lines("was not released"))
                .singleElement()
                .asString()
                .startsWith("WARN")
                .contains("'orders'", server.address(), "AbandonedTest.acquireAndForget(AbandonedTest.java:");
        assertThat(client.lock("orders").tryAcquire(ofSeconds(10)).map(Lease::release))
                .contains(true);
        assertThat(losses.poll(10, TimeUnit.SECONDS)).isEqualTo(new LeaseLost("orders", LeaseLost.Reason.EXPIRED));
        assertThat(log.lines("was not released")).hasSize(1);
    }

    @Test
    void rule_10_lease_without_renewal_is_found_out_as_well() throws Exception {
        forget(client.lock("orders").withLease(LONG).withoutRenewal().acquire());
        awaitCollected("was not released");
        assertThat(client.lock("orders").tryAcquire(ofSeconds(10))).isPresent();
    }

    @Test
    void rule_10_place_that_nobody_has_any_more_is_reported_once_and_given_up() throws Exception {
        try (Lease holder = client.lock("orders").withLease(LONG).acquire()) {
            enqueueAndForget();

            awaitCollected("neither awaited nor closed");

            assertThat(log.lines("neither awaited nor closed"))
                    .singleElement()
                    .asString()
                    .startsWith("WARN")
                    .contains("'orders'", server.address(), "AbandonedTest.enqueueAndForget(AbandonedTest.java:");
            await().until(() -> server.state().queued().isEmpty());
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void rule_10_place_that_was_granted_at_once_is_found_out_as_a_lease() throws Exception {
        enqueueAndForget();
        awaitCollected("was not released");
        assertThat(client.lock("orders").tryAcquire(ofSeconds(10))).isPresent();
    }

    @Test
    void rule_10_leases_and_places_in_use_and_ended_ones_are_not_abandoned() throws Exception {
        forget(client.lock("released").acquire(), Lease::release);
        forget(client.lock("closed").acquire(), Lease::close);
        try (Lease held = client.lock("held").withLease(LONG).acquire();
                Enqueued place = client.lock("held").enqueue()) {
            client.lock("awaited").enqueue().await(ofSeconds(1)).orElseThrow().close();
            long start = System.nanoTime();
            await().until(() -> {
                System.gc();
                return System.nanoTime() - start > 2_000_000_000L; // some turns of the background work
            });
            assertThat(held.isHeld()).isTrue();
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
        }
        assertThat(log.lines("nobody has it")).isEmpty();
    }

    @Test
    void rule_10_place_that_is_awaited_is_not_abandoned_though_only_the_client_has_it() throws Exception {
        try (Lease holder = client.lock("orders").withLease(LONG).acquire()) {
            Thread freeing = new Thread(() -> {
                long start = System.nanoTime();
                await().until(() -> {
                    System.gc();
                    return System.nanoTime() - start > 2_000_000_000L;
                });
                holder.release();
            });
            freeing.start();
            assertThat(client.lock("orders").enqueue().await(ofSeconds(30)).map(Lease::release))
                    .contains(true);
            freeing.join();
        }
        assertThat(log.lines("nobody has it")).isEmpty();
    }

    @Test
    void rule_10_many_leases_in_a_second_are_all_found_out_though_not_all_with_their_place() throws Exception {
        runtime.freeze(); // all of it within a second, however slow the machine is
        for (int i = 0; i < 150; i++) {
            forget(client.lock("orders-" + i).withLease(LONG).acquire());
        }
        runtime.thaw();
        await().atMost(ofSeconds(30)).until(() -> {
            System.gc();
            return log.lines("was not released").size() == 150;
        });
        assertThat(log.lines("AbandonedTest.java")).hasSize(100);
        assertThat(log.lines("a place that was not looked for")).hasSize(50);
    }

    private void acquireAndForget(BlockingQueue<LeaseLost> losses) throws InterruptedException {
        client.lock("orders").withLease(LONG).acquire().onLost(losses::add);
    }

    private void enqueueAndForget() throws InterruptedException {
        client.lock("orders").withLease(LONG).enqueue();
    }

    private static void forget(Lease lease) {
        assertThat(lease.isHeld()).isTrue();
    }

    private static void forget(Lease lease, Consumer<Lease> end) {
        end.accept(lease);
    }

    private void awaitCollected(String report) {
        await().atMost(ofSeconds(20)).until(() -> {
            System.gc();
            return !log.lines(report).isEmpty();
        });
    }
}

package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.EXPIRED;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Time that stands still, jumps or comes late. Clocks of both sides go by hand where it matters, so that a slow machine changes nothing.
 *
 * <p>That nobody in the client asks a wall clock is checked by ArchitectureTest.
 */
@Timeout(60)
class ClockTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();
    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private final DflockdClient client =
            DflockdClient.builder().servers(server.address()).runtime(runtime).build();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void wall_clock_that_moves_by_more_than_the_lease_changes_nothing() throws Exception {
        runtime.freeze();
        Lease lease =
                client.lock("orders").withLease(ofSeconds(1)).withoutRenewal().acquire();
        log.listenTo(lease);
        long granted = System.currentTimeMillis();

        await().until(() -> System.currentTimeMillis() - granted > 1_500);

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.remaining()).isEqualTo(ofSeconds(1));
        assertThat(lease.release()).isTrue();
        assertThat(log.losses()).isEmpty();
    }

    @Test
    void lease_of_one_second_is_held_for_as_long_as_wanted() throws Exception {
        runtime.freeze();
        Lease lease = client.lock("orders").withLease(ofSeconds(1)).acquire();
        log.listenTo(lease);
        for (int renewals = 1; renewals <= 6; renewals++) {
            runtime.jump(ofMillis(500));
            int expected = renewals;
            await().until(() -> renews("orders") == expected);
            await().until(() -> lease.remaining().equals(ofSeconds(1)));
            server.clock().advance(ofMillis(500));
        }
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isTrue();
        assertThat(log.losses()).isEmpty();
    }

    @Test
    void slow_renew_answer_in_time_counts_from_when_it_was_asked() throws Exception {
        runtime.freeze();
        Lease lease = client.lock("orders").withLease(ofSeconds(20)).acquire();
        FaultHandle slow =
                server.on(Trigger.renew()).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.stall());
        runtime.jump(ofSeconds(4));
        Background<Boolean> renewing = Background.start(() -> {
            lease.renew();
            return true;
        });
        assertThat(slow.awaitFired(ofSeconds(20))).isTrue();
        runtime.jump(ofSeconds(3));
        assertThat(lease.isHeld()).as("while the answer is awaited").isTrue();
        slow.release();

        assertThat(renewing.result()).isTrue();

        assertThat(lease.remaining()).isEqualTo(ofSeconds(17));
        assertThat(lease.release()).isTrue();
    }

    @Test
    void pause_past_many_leases_loses_each_once_and_renews_none() throws Exception {
        runtime.freeze();
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Lease lease = client.lock("key-" + i).withLease(ofSeconds(30)).acquire();
            log.listenTo(lease);
            leases.add(lease);
        }

        runtime.jump(ofSeconds(30));

        assertThat(leases).noneMatch(Lease::isHeld);
        await().until(() -> log.losses().size() == leases.size());
        assertThat(log.reasons()).containsOnly(EXPIRED);
        assertThat(log.losses()).doesNotHaveDuplicates();
        assertThat(server.journal().requests()).noneMatch(request -> request.command() instanceof Command.Renew);
        Afterwards.nobodyHolds(server);
    }

    @Test
    void pause_shorter_than_the_lease_loses_nothing_and_is_followed_by_a_renewal() throws Exception {
        runtime.freeze();
        Lease lease = client.lock("orders").withLease(ofSeconds(2)).acquire();
        log.listenTo(lease);

        runtime.jump(ofMillis(1_900));

        await().until(() -> lease.remaining().equals(ofSeconds(2)));
        assertThat(lease.release()).isTrue();
        assertThat(log.losses()).isEmpty();
    }

    @Test
    void pause_in_the_queue_past_the_lease_of_the_grant_gives_no_lease_of_that_grant() throws Exception {
        Lease holder = client.lock("orders").withLease(ofMinutes(10)).acquire();
        Enqueued place = client.lock("orders").withLease(ofSeconds(5)).enqueue();
        FaultHandle paused =
                server.on(Trigger.await()).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.stall());
        Background<Optional<Lease>> awaiting = Background.start(() -> place.await(ofMinutes(10)));
        assertThat(holder.release()).isTrue();
        assertThat(paused.awaitFired(ofSeconds(20))).isTrue();
        server.clock().advance(ofSeconds(7)); // the lease runs from the grant, of which the client has not heard
        runtime.jump(ofSeconds(7));
        paused.release();

        assertThat(awaiting.result()).isEmpty();
        assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        Afterwards.nobodyHolds(server, "orders");
    }

    @Test
    void holder_that_waits_for_its_own_key_times_out_and_keeps_what_it_holds() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(9)).acquire();
        log.listenTo(lease);

        assertThat(client.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
        assertThat(client.lock("orders").tryAcquire(Duration.ZERO)).isEmpty();
        try (Enqueued place = client.lock("orders").enqueue()) {
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
            lease.renew();
            assertThat(lease.release()).isTrue();
            assertThat(place.await(ofSeconds(20)).map(Lease::release)).contains(true);
        }
        assertThat(log.losses()).isEmpty();
        server.clock().advance(ofSeconds(1)); // the server's own timeout of the two that gave up
        Afterwards.nobodyHolds(server, "orders");
    }

    private long renews(String key) {
        return server.journal().requests().stream()
                .filter(request -> request.command() instanceof Command.Renew renew
                        && renew.key().toString().equals(key))
                .count();
    }
}

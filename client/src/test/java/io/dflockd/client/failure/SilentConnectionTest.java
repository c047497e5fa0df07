package io.dflockd.client.failure;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLostException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's read timeout, and what comes or ends on a connection on which nothing was asked. */
@Timeout(60)
class SilentConnectionTest {

    /** The default read timeout of servers, which a manual clock leaves out. */
    private static final FakeOptions BY_HAND =
            FakeOptions.defaults().withManualClock().withReadTimeout(ofSeconds(23));

    @Test
    void leases_longer_than_the_servers_read_timeout_are_held_beyond_it() throws Exception {
        FakeOptions options = FakeOptions.defaults().withReadTimeout(ofSeconds(4));
        try (Stage stage = Stage.open(options, builder -> builder.serverReadTimeout(ofSeconds(4)))) {
            List<Lease> leases = new ArrayList<>();
            for (int seconds : new int[] {60, 120, 600}) {
                Lease lease = stage.client
                        .lock("orders-" + seconds)
                        .withLease(ofSeconds(seconds))
                        .acquire();
                stage.log.listenTo(lease);
                leases.add(lease);
            }
            long granted = stage.server.clock().nanos();

            await().atMost(ofSeconds(30))
                    .until(() -> stage.server.clock().nanos() - granted
                            > ofSeconds(5).toNanos());

            assertThat(stage.log.losses()).isEmpty();
            assertThat(leases).as("the server still knew them").allMatch(Lease::release);
        }
    }

    @Test
    void pooled_connection_idle_too_long_is_replaced_in_silence() throws Exception {
        try (Stage stage = Stage.open(BY_HAND)) {
            stage.assertServes("orders");
            stage.server.clock().advance(ofSeconds(24)); // `error` comes, then the end
            stage.assertServes("orders");
            assertThat(stage.runtime.connects()).isEqualTo(2);
        }
    }

    @Test
    void unsolicited_line_with_end_on_the_connection_of_a_lease_is_its_loss() throws Exception {
        try (Stage stage = Stage.open(BY_HAND)) {
            Lease lease = stage.client.lock("orders").withLease(ofMinutes(10)).acquire();
            stage.log.listenTo(lease);
            stage.server.clock().advance(ofSeconds(24));

            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);

            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(LeaseLost.Reason.CONNECTION_LOST);
            assertThat(lease.release()).isFalse();
            stage.assertServes("orders");
        }
    }

    @Test
    void unsolicited_line_with_end_is_no_release_and_its_connection_is_not_used_again() throws Exception {
        try (Stage stage = Stage.open(BY_HAND)) {
            Lease lease = stage.client.lock("orders").withLease(ofMinutes(10)).acquire();
            stage.server.clock().advance(ofSeconds(24));
            assertThat(lease.release()).isFalse();
            stage.assertServes("orders");
            assertThat(stage.runtime.connects()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void await_later_than_the_lease_finds_the_turn_lost(Profile profile) throws Exception {
        FakeOptions options = FakeOptions.defaults().withManualClock().withProfile(profile);
        try (Stage stage = Stage.open(options)) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued place = stage.client.lock("orders").withLease(ofSeconds(5)).enqueue();
            assertThat(holder.release()).isTrue();
            stage.server.clock().advance(ofSeconds(7));

            assertThat(place.await(ofSeconds(5))).isEmpty();

            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            stage.awaitNothingHeld();
            stage.assertServes("orders");
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void enqueued_and_idle_until_late_in_the_lease_gets_the_whole_lease(Profile profile) throws Exception {
        FakeOptions options = FakeOptions.defaults().withManualClock().withProfile(profile);
        try (Stage stage = Stage.open(options)) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued place =
                    stage.client.lock("orders").withLease(ofSeconds(50)).enqueue();
            assertThat(holder.release()).isTrue();
            stage.server.clock().advance(ofSeconds(49));

            Optional<Lease> lease = place.await(ofSeconds(5));

            stage.server.clock().advance(ofSeconds(40));
            assertThat(lease.map(Lease::release)).contains(true);
        }
    }

    @Test
    void enqueued_and_idle_is_no_burden_on_the_queue_once_its_turn_has_run_out() throws Exception {
        FakeOptions options = FakeOptions.defaults().withManualClock();
        try (Stage stage = Stage.open(options)) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued idle = stage.client.lock("orders").withLease(ofSeconds(5)).enqueue();
            Enqueued next = stage.client.lock("orders").enqueue();
            assertThat(holder.release()).isTrue();
            stage.server.clock().advance(ofSeconds(7));

            assertThat(next.await(ofSeconds(5)).map(Lease::release)).contains(true);

            assertThat(idle.await(ofSeconds(5))).isEmpty();
            stage.server.journal().await(request -> request.command() instanceof Command.Await, 2, ofSeconds(5));
            stage.server.verify().neverHeldTwice("orders").noLeaks();
        }
    }
}

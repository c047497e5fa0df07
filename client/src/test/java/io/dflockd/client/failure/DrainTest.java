package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.RejectedException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that was told to end (SIGTERM), as V1 and V2 do it: PROTOCOL.md section 4. */
@Timeout(60)
class DrainTest {

    @Test
    void draining_v1_server_lets_holders_renew_and_release() throws Exception {
        try (Stage stage = open(Profile.V1)) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.drain();
            lease.renew();
            assertThat(lease.release()).isTrue();
            assertThat(stage.log.losses()).isEmpty();
        }
    }

    @Test
    void draining_v2_server_is_a_loss_at_the_next_renewal() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.drain();
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(lease.release()).isFalse();
            stage.awaitNothingHeld();
        }
    }

    @Test
    void draining_v2_server_is_a_loss_at_the_next_renewal_in_the_background() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            Lease lease = stage.client
                    .lock("orders")
                    .withLease(ofSeconds(30))
                    .withRenewRatio(0.01)
                    .acquire();
            stage.log.listenTo(lease);
            stage.server.drain();
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(stage.server.awaitDrained(ofSeconds(10))).isTrue();
        }
    }

    @Test
    void draining_v2_server_frees_what_it_will_not_release() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.server.drain();
            assertThat(lease.release()).as("it was not confirmed").isFalse();
            stage.awaitNothingHeld();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"V1", "V2"})
    void draining_server_rejects_who_waits(Profile profile) throws Exception {
        try (Stage stage = open(profile)) {
            Lease holder = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            Background<Lease> waiting =
                    Background.start(() -> stage.client.lock("orders").acquire());
            stage.awaitQueued(1);

            stage.server.drain();

            assertThat(waiting.failure()).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                    .isEqualTo("error"));
            holder.close();
            stage.awaitNothingHeld();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"V1", "V2"})
    void draining_server_takes_the_turn_of_who_awaits_it(Profile profile) throws Exception {
        try (Stage stage = open(profile)) {
            Lease holder = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            Enqueued place = stage.client.lock("orders").enqueue();
            Background<Optional<Lease>> awaiting = Background.start(() -> place.await(ofSeconds(50)));
            stage.server.journal().await(request -> request.command() instanceof Command.Await, 1, ofSeconds(10));

            stage.server.drain();

            assertThat(awaiting.result()).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            holder.close();
            stage.awaitNothingHeld();
        }
    }

    @Test
    void draining_v1_server_has_cancelled_the_places_that_nobody_awaits() throws Exception {
        try (Stage stage = open(Profile.V1)) {
            Lease holder = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            Enqueued place = stage.client.lock("orders").enqueue();
            stage.server.drain();
            assertThat(place.await(ofSeconds(5))).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(holder.release()).isTrue();
        }
    }

    @Test
    void draining_v2_server_rejects_an_await() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            Lease holder = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            Enqueued place = stage.client.lock("orders").enqueue();
            stage.server.drain();
            assertDraining(catchThrowable(() -> place.await(ofSeconds(5))));
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            holder.close();
            stage.awaitNothingHeld();
        }
    }

    @Test
    void draining_v2_server_ends_places_by_their_sign_of_life() throws Exception {
        FakeOptions options = FakeOptions.defaults().withProfile(Profile.V2);
        try (Stage stage = Stage.open(options, builder -> builder.serverReadTimeout(ofMillis(200)))) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            stage.server.drain();
            await().until(() -> place.status() == Enqueued.Status.LOST);
        }
    }

    @Test
    void draining_v2_server_rejects_on_a_pooled_connection_and_is_unreachable_afterwards() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            stage.assertServes("orders");
            stage.server.drain();
            assertDraining(catchThrowable(() -> stage.client.lock("orders").acquire()));
            assertThatThrownBy(() -> stage.client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
            assertThat(stage.server.awaitDrained(ofSeconds(10))).isTrue();
        }
    }

    @Test
    void draining_v2_server_rejects_an_enqueue() throws Exception {
        try (Stage stage = open(Profile.V2)) {
            stage.assertServes("orders");
            stage.server.drain();
            assertDraining(catchThrowable(() -> stage.client.lock("orders").enqueue()));
        }
    }

    @Test
    void draining_v0_server_is_a_lost_connection() throws Exception {
        try (Stage stage = open(Profile.V0)) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.drain();
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
        }
    }

    private static void assertDraining(Throwable thrown) {
        assertThat(thrown).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                .isEqualTo("error_draining"));
    }

    private static Stage open(Profile profile) {
        return Stage.open(FakeOptions.defaults().withProfile(profile));
    }
}

package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ScriptedClient;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server is killed, or comes back knowing nothing, at each stage of a lock. While it is held: LossRulesTest. */
@Timeout(60)
class KilledServerTest {

    @Test
    void server_killed_while_waiting_is_an_unknown_outcome() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Background<Lease> waiting =
                    Background.start(() -> stage.client.lock("orders").acquire());
            stage.awaitQueued(1);

            stage.server.close();

            assertThat(waiting.failure())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("acquire 'orders' at " + stage.server.address());
        }
    }

    @Test
    void server_killed_while_enqueued_is_found_out_by_the_next_sign_of_life() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), builder -> builder.serverReadTimeout(ofMillis(200)))) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();

            stage.server.close();

            await().until(() -> place.status() == Enqueued.Status.LOST);
            assertThat(place.await(ofSeconds(5))).isEmpty();
        }
    }

    @Test
    void server_killed_while_enqueued_is_a_connection_exception_of_await() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            stage.server.close();
            try {
                assertThat(place.await(ofSeconds(5)))
                        .as("where the loss was noticed before")
                        .isEmpty();
            } catch (ConnectionException e) {
                assertThat(e).hasMessageContaining("await 'orders'");
            }
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        }
    }

    @Test
    void server_killed_while_awaiting_is_a_connection_exception() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            FaultHandle waiting =
                    stage.server.on(Trigger.await("orders")).at(BEFORE_APPLY).then(Effect.latency(ofSeconds(60)));
            Background<Boolean> awaiting =
                    Background.start(() -> place.await(ofSeconds(50)).isPresent());
            assertThat(waiting.awaitFired(ofSeconds(5))).isTrue();

            stage.server.close();

            assertThat(awaiting.failure()).isInstanceOf(ConnectionException.class);
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        }
    }

    @Test
    void server_killed_while_renewing_is_a_loss() throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            FaultHandle stalled =
                    stage.server.on(Trigger.renew()).at(BEFORE_APPLY).then(Effect.stall());
            Background<String> renewing = Background.start(() -> {
                lease.renew();
                return "renewed";
            });
            assertThat(stalled.awaitFired(ofSeconds(5))).isTrue();

            stage.server.close();

            assertThat(renewing.failure()).isInstanceOf(LeaseLostException.class);
            assertThat(lease.isHeld()).isFalse();
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(lease.release()).isFalse();
        }
    }

    @Test
    void server_killed_while_renewing_in_the_background_is_a_loss() throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle stalled =
                    stage.server.on(Trigger.renew()).at(BEFORE_APPLY).then(Effect.stall());
            Lease lease = stage.runtime.promptly(
                    stage.client.lock("orders").withLease(ofSeconds(30)).withRenewRatio(0.01));
            stage.log.listenTo(lease);
            assertThat(stalled.awaitFired(ofSeconds(5))).isTrue();

            stage.server.close();

            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
        }
    }

    @Test
    void server_killed_while_releasing_is_an_unknown_outcome_and_no_loss() throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            FaultHandle stalled =
                    stage.server.on(Trigger.release()).at(BEFORE_APPLY).then(Effect.stall());
            Background<Boolean> releasing = Background.start(lease::release);
            assertThat(stalled.awaitFired(ofSeconds(5))).isTrue();

            stage.server.close();

            assertThat(releasing.failure())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("release 'orders'");
            assertThat(lease.isHeld()).isFalse();
            assertThat(lease.release()).isFalse();
            assertThat(stage.log.losses()).isEmpty();
        }
    }

    @Test
    void restart_without_state_while_held_loses_the_lease_and_never_takes_it_again() throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.restart(Restart.LOSE_STATE);
            ScriptedClient other = stage.server.scriptedClient();
            assertThat(other.ask("l", "orders", "0").orElseThrow()).startsWith("ok ");

            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);

            assertThat(lease.isHeld()).isFalse();
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(lease.release()).isFalse();
            assertThat(stage.server.state().held()).as("the other's").hasSize(1);
            other.close();
            stage.assertServes("orders");
        }
    }

    @Test
    void restart_without_state_while_waiting_is_an_unknown_outcome() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Background<Lease> waiting =
                    Background.start(() -> stage.client.lock("orders").acquire());
            stage.awaitQueued(1);

            stage.server.restart(Restart.LOSE_STATE);

            assertThat(waiting.failure()).isInstanceOf(ConnectionException.class);
            stage.assertServes("orders");
        }
    }

    @Test
    void restart_without_state_while_enqueued_loses_the_place() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), builder -> builder.serverReadTimeout(ofMillis(200)))) {
            stage.server.scriptedClient().ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();

            stage.server.restart(Restart.LOSE_STATE);

            await().until(() -> place.status() == Enqueued.Status.LOST);
            stage.awaitNothingHeld();
            stage.assertServes("orders");
        }
    }

    @Test
    void restart_without_state_replaces_pooled_connections_in_silence() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.assertServes("orders");
            stage.server.restart(Restart.LOSE_STATE);
            stage.assertServes("orders");
            assertThat(stage.runtime.connects()).isEqualTo(2);
        }
    }
}

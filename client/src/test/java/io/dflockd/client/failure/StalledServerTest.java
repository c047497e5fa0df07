package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ScriptedClient;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A server that takes bytes and gives none, or a network that swallows them: nobody is told. Elsewhere: a stalled secret (SecretTest), a stalled acquire
 * (AcquireRulesTest), renewal (LossRulesTest) and release (CloseRulesTest).
 */
@Timeout(60)
class StalledServerTest {

    private static void impatient(DflockdClientBuilder builder) {
        builder.responseTimeout(ofSeconds(1)).connectTimeout(ofSeconds(1));
    }

    @Test
    void server_stalled_while_connecting_is_a_connection_exception_of_the_connect_timeout() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), StalledServerTest::impatient)) {
            stage.server.blackholeConnections();
            assertThatThrownBy(() -> stage.client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
            assertThatThrownBy(() -> stage.client.lock("orders").enqueue()).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void server_stalled_while_connecting_costs_no_more_than_the_acquire_timeout() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.blackholeConnections();
            assertThat(stage.client.lock("orders").tryAcquire(ofMillis(200))).isEmpty();
            assertThatThrownBy(() -> stage.client
                            .lock("orders")
                            .withAcquireTimeout(ofMillis(200))
                            .acquire())
                    .isInstanceOf(AcquireTimeoutException.class);
        }
    }

    @Test
    void interrupt_while_connecting_is_an_interrupt() throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.blackholeConnections();
            Background<Lease> connecting =
                    Background.start(() -> stage.client.lock("orders").acquire());
            await().until(() -> stage.runtime.connects() == 1);

            connecting.interrupt();

            assertThat(connecting.failure()).isInstanceOf(InterruptedException.class);
            assertThat(connecting.interruptedAfter()).isFalse();
        }
    }

    @Test
    void server_stalled_while_acquiring_without_a_wait_is_a_connection_exception() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), StalledServerTest::impatient)) {
            FaultHandle stalled = stage.server
                    .on(Trigger.acquire("orders"))
                    .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                    .then(Effect.stall());
            assertThatThrownBy(() -> stage.client.lock("orders").tryAcquire(Duration.ZERO))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_stalled_with_the_grant_in_its_hands_leaves_nothing_held() throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle stalled = stage.server
                    .on(Trigger.acquire("orders"))
                    .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                    .then(Effect.stall());
            assertThat(stage.client.lock("orders").tryAcquire(ofMillis(200))).isEmpty();
            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_stalled_while_enqueueing_is_a_connection_exception_and_leaves_no_place() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), StalledServerTest::impatient)) {
            FaultHandle stalled = stage.server
                    .on(Trigger.enqueue("orders"))
                    .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                    .then(Effect.stall());
            assertThatThrownBy(() -> stage.client.lock("orders").enqueue())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_stalled_while_enqueued_loses_the_place() throws Exception {
        Consumer<DflockdClientBuilder> oftenAlive =
                builder -> builder.responseTimeout(ofMillis(300)).serverReadTimeout(ofMillis(200));
        try (Stage stage = Stage.open(FakeOptions.defaults(), oftenAlive)) {
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            FaultHandle stalled =
                    stage.server.on(Trigger.renew("orders")).at(BEFORE_APPLY).then(Effect.stall());

            await().until(() -> place.status() == Enqueued.Status.LOST);

            holder.close();
            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_stalled_while_awaiting_costs_no_more_than_the_timeout() throws Exception {
        try (Stage stage = Stage.open()) {
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            FaultHandle stalled =
                    stage.server.on(Trigger.await("orders")).at(BEFORE_APPLY).then(Effect.stall());

            assertThat(place.await(ofMillis(200))).isEmpty();

            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            holder.close();
            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_stalled_while_confirming_a_grant_leaves_nothing_held() throws Exception {
        try (Stage stage = Stage.open()) {
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            Enqueued place = stage.client.lock("orders").enqueue();
            holder.close();
            FaultHandle stalled =
                    stage.server.on(Trigger.renew("orders")).at(BEFORE_APPLY).then(Effect.stall());

            assertThat(place.await(ofMillis(300))).isEmpty();

            stalled.release(); // until then the server sees nothing of its client either
            stage.awaitNothingHeld();
        }
    }

    @Test
    void half_open_connection_of_a_lease_is_lost_when_a_renewal_gets_no_answer() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), StalledServerTest::impatient)) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.partition(1);

            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);

            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(stage.server.state().held()).as("the server cannot know").hasSize(1);
            stage.server.heal(1);
            stage.awaitNothingHeld();
        }
    }

    @Test
    void server_that_takes_connections_and_answers_nothing_costs_no_more_than_the_timeout() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), StalledServerTest::impatient)) {
            stage.server.on(Trigger.anyCommand()).at(Phase.ON_CONNECT).then(Effect.stall());
            assertThat(stage.client.lock("orders").tryAcquire(ofMillis(200))).isEmpty();
        }
    }

    /** Each keepalive that gets no answer keeps a thread of the client busy; there are places for many times as many as it has threads. */
    @Test
    void release_is_given_up_in_time_however_many_connections_stall() throws Exception {
        Consumer<DflockdClientBuilder> oftenAlive =
                builder -> builder.responseTimeout(ofSeconds(1)).serverReadTimeout(ofMillis(200));
        try (Stage stage = Stage.open(FakeOptions.defaults(), oftenAlive)) {
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            FaultHandle stalled = stage.server
                    .on(Trigger.renew("orders"))
                    .at(BEFORE_APPLY)
                    .then(Effect.stall())
                    .always();
            List<Enqueued> places = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                places.add(stage.client.lock("orders").enqueue());
            }
            assertThat(stalled.awaitFired(ofSeconds(10))).isTrue();
            Lease lease = stage.client.lock("other").acquire();
            stage.server.on(Trigger.release("other")).at(BEFORE_APPLY).then(Effect.stall());

            assertThatThrownBy(lease::release)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");

            assertThat(places.stream().filter(place -> place.status() == Enqueued.Status.QUEUED))
                    .as("it did not stand in line behind these")
                    .hasSizeGreaterThan(50);
            places.forEach(Enqueued::close);
            stage.server.reset();
        }
    }
}

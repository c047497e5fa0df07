package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.expireLease;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.StateEffect.shortenLease;
import static io.dflockd.fake.fault.StateEffect.steal;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leases that end, shrink or are stolen while a request is on its way. */
@Timeout(60)
class StateFaultTest {

    private final Stage stage = new Stage();

    StateFaultTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    @Shows(effect = StateEffect.ExpireLease.class, at = Point.BEFORE_APPLY)
    void expired_before_a_renew_the_renew_is_refused() throws IOException {
        String token = stage.client().token("orders");
        stage.server.on(renew("orders")).at(BEFORE_APPLY).then(expireLease());

        assertThat(stage.client().ask("n", "orders", token)).isEqualTo("error");
        stage.assertFree();
    }

    @Test
    void expired_before_an_acquire_the_key_is_free() throws IOException {
        stage.other.token("orders");
        stage.server.on(acquire("orders")).at(BEFORE_APPLY).then(expireLease());

        assertThat(stage.client().ask("l", "orders", "0")).matches(Stage.GRANT);
    }

    @Test
    @Shows(effect = StateEffect.ExpireLease.class, at = Point.WHILE_QUEUED)
    void expired_while_a_client_waits_it_is_granted_at_once() throws IOException {
        stage.strike(WHILE_QUEUED, expireLease());

        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @Test
    void expired_behind_an_enqueue_its_await_is_granted() throws IOException {
        stage.other.token("orders");
        stage.server.on(enqueue("orders")).at(WHILE_QUEUED).then(expireLease());

        assertThat(stage.client().ask("e", "orders", "")).isEqualTo("queued");

        assertThat(stage.client().ask("w", "orders", "0")).matches(Stage.GRANT);
    }

    @ParameterizedTest
    @MethodSource("late")
    @Shows(
            effect = StateEffect.ExpireLease.class,
            at = {Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void expired_after_an_acquire_the_client_has_a_dead_token(Phase phase) throws IOException {
        stage.strike(phase, expireLease());

        String token = stage.client().line().substring(3, 35);

        stage.assertFree();
        assertThat(stage.client().ask("n", "orders", token)).isEqualTo("error");
    }

    @Test
    @Shows(effect = StateEffect.ShortenLease.class, at = Point.BEFORE_APPLY)
    void shortened_before_a_renew_the_renew_gives_its_own_lease() throws IOException {
        String token = stage.client().token("orders");
        FaultHandle fault = stage.server.on(renew("orders")).at(BEFORE_APPLY).then(shortenLease(ofSeconds(2)));

        assertThat(stage.client().ask("n", "orders", token)).isEqualTo("ok 33");
        stage.advance(32_000);
        stage.assertHeld();
        assertThat(fault.fired()).isEqualTo(1);
    }

    @Test
    void shortened_before_an_acquire_that_must_wait_it_waits_less() throws IOException {
        stage.other.token("orders");
        FaultHandle fault = stage.server.on(acquire("orders")).at(BEFORE_APPLY).then(shortenLease(ofSeconds(2)));
        stage.client().send("l", "orders", "10");
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(1_999);
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1);

        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @Test
    @Shows(effect = StateEffect.ShortenLease.class, at = Point.WHILE_QUEUED)
    void shortened_while_a_client_waits_it_waits_less() throws IOException {
        stage.strike(WHILE_QUEUED, shortenLease(ofSeconds(2)));
        stage.advance(1_999);
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1);

        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @ParameterizedTest
    @MethodSource("late")
    @Shows(
            effect = StateEffect.ShortenLease.class,
            at = {Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void shortened_after_an_acquire_the_lease_is_not_what_the_client_was_told(Phase phase) throws IOException {
        stage.strike(phase, shortenLease(ofSeconds(2)));

        String reply = stage.client().line();

        assertThat(reply).matches(Stage.GRANT);
        stage.advance(1_999);
        stage.assertHeld();
        stage.advance(1);
        stage.assertFree();
        assertThat(stage.client().ask("n", "orders", reply.substring(3, 35))).isEqualTo("error");
    }

    @Test
    void a_lease_is_not_made_longer() throws IOException {
        stage.server.on(acquire("orders")).at(AFTER_REPLY).then(shortenLease(ofSeconds(60)));
        stage.client().token("orders");

        stage.advance(33_000);

        stage.assertFree();
    }

    @Test
    @Shows(effect = StateEffect.Steal.class, at = Point.BEFORE_APPLY)
    void stolen_before_a_renew_the_renew_is_refused_and_nobody_gets_the_key() throws IOException {
        String token = stage.client().token("orders");
        stage.server.on(renew("orders")).at(BEFORE_APPLY).then(steal());

        assertThat(stage.client().ask("n", "orders", token)).isEqualTo("error");
        stage.assertHeld();
        stage.advance(33_000);
        stage.assertFree();
    }

    @Test
    @Shows(effect = StateEffect.Steal.class, at = Point.WHILE_QUEUED)
    void stolen_while_a_client_waits_it_waits_on() throws IOException {
        FaultHandle fault = stage.strike(WHILE_QUEUED, steal());

        assertThat(stage.stats()).contains("\"owner_conn_id\":0").contains("\"waiters\":1");
        stage.advance(10_000);

        assertThat(stage.client().line()).isEqualTo("timeout");
        assertThat(fault.fired()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("late")
    @Shows(
            effect = StateEffect.Steal.class,
            at = {Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void stolen_after_an_acquire_the_client_believes_in_a_dead_token(Phase phase) throws IOException {
        stage.strike(phase, steal());

        String reply = stage.client().line();

        assertThat(reply).matches(Stage.GRANT);
        stage.assertHeld();
        assertThat(stage.client().ask("r", "orders", reply.substring(3, 35))).isEqualTo("error");
    }

    @Test
    void a_stolen_semaphore_leaves_its_other_slots_to_those_who_wait() throws IOException {
        try (Stage v2 = new Stage(options -> options.withProfile(Profile.V2))) {
            String first = v2.other.ask("sl", "orders", "0 2");
            assertThat(first).startsWith("ok ");
            v2.other.ask("sl", "orders", "0 2");
            FaultHandle fault = v2.server.on(acquire("orders")).at(WHILE_QUEUED).then(steal());

            v2.client().send("sl", "orders", "10 2");

            assertThat(v2.client().line()).matches(Stage.GRANT);
            assertThat(fault.fired()).isEqualTo(1);
            assertThat(v2.other.ask("sl", "orders", "0 2")).isEqualTo("timeout");
            assertThat(v2.other.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }

    static Phase[] late() {
        return new Phase[] {AFTER_APPLY_BEFORE_REPLY, AFTER_REPLY};
    }
}

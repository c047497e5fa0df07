package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.StateEffect.UNSAFE_doubleGrant;
import static io.dflockd.fake.fault.StateEffect.UNSAFE_skipHeadOfQueue;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.renew;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.StateEffect;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What no server does, for those who check that somebody would notice. */
@Timeout(60)
class UnsafeTest {

    private final Stage stage = new Stage();

    UnsafeTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    @Shows(effect = StateEffect.DoubleGrant.class, at = Point.BEFORE_APPLY)
    void a_double_grant_gives_a_held_key_to_an_acquire() throws IOException {
        String token = stage.other.token("orders");

        stage.strike(BEFORE_APPLY, UNSAFE_doubleGrant());

        String reply = stage.client().line();
        assertThat(reply).matches(Stage.GRANT);
        assertThat(stage.other.ask("n", "orders", token)).isEqualTo("ok 33");
        assertThat(stage.client().ask("n", "orders", reply.substring(3, 35))).isEqualTo("ok 33");
    }

    @Test
    void a_double_grant_gives_a_held_key_to_an_enqueue() throws IOException {
        stage.other.token("orders");
        stage.server.on(enqueue()).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());

        String reply = stage.client().ask("e", "orders", "");

        assertThat(reply).matches("acquired [0-9a-f]{32} 33");
        assertThat(stage.client().ask("w", "orders", "0")).isEqualTo("ok " + reply.substring(9));
    }

    @Test
    void a_double_grant_is_for_what_can_be_granted_only() throws IOException {
        String token = stage.other.token("orders");
        stage.client();
        FaultHandle fault = stage.server.on(anyCommand()).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());

        assertThat(stage.client().ask("n", "orders", token)).isEqualTo("ok 33");
        assertThat(stage.client().ask("x", "y", "z")).isEqualTo("error");
        assertThat(fault.fired()).isZero();
        assertThat(stage.client().ask("l", "orders", "0")).matches(Stage.GRANT);
        assertThat(fault.fired()).isEqualTo(1);
    }

    @Test
    void what_would_be_refused_is_refused_in_spite_of_a_double_grant() throws IOException {
        stage.other.token("orders");
        assertThat(stage.client().ask("e", "orders", "")).isEqualTo("queued");
        stage.server
                .on(anyCommand())
                .at(BEFORE_APPLY)
                .then(UNSAFE_doubleGrant())
                .always();

        assertThat(stage.client().ask("e", "orders", "")).isEqualTo("error_already_enqueued");
        assertThat(stage.client().ask("se", "orders", "2")).isEqualTo("error_already_enqueued");
        assertThat(stage.client().ask("sl", "orders", "0 2")).isEqualTo("error_limit_mismatch");
    }

    @Test
    void a_double_grant_does_not_let_in_who_is_not_let_in() throws IOException {
        try (Stage closed = new Stage(options -> options.withAuthToken("secret"))) {
            closed.server.on(anyCommand()).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());

            assertThat(closed.client().ask("l", "orders", "0")).isEqualTo("error_auth");
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = StateEffect.SkipHead.class,
            at = {Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void the_head_of_the_queue_is_passed_over(Phase phase) throws IOException {
        String token = stage.other.token("orders");
        try (RawClient first = new RawClient(stage.server);
                RawClient second = new RawClient(stage.server);
                RawClient third = new RawClient(stage.server)) {
            assertThat(first.ask("e", "orders", "")).isEqualTo("queued");
            assertThat(second.ask("e", "orders", "")).isEqualTo("queued");
            if (phase.equals(Phase.WHILE_QUEUED)) {
                stage.server.on(enqueue()).at(phase).then(UNSAFE_skipHeadOfQueue());
                assertThat(third.ask("e", "orders", "")).isEqualTo("queued");
            } else {
                stage.server.on(renew()).at(phase).then(UNSAFE_skipHeadOfQueue());
                assertThat(stage.other.ask("n", "orders", token)).isEqualTo("ok 33");
            }

            assertThat(stage.other.ask("r", "orders", token)).isEqualTo("ok");

            assertThat(first.ask("w", "orders", "0")).isEqualTo("timeout");
            assertThat(second.ask("w", "orders", "0")).matches(Stage.GRANT);
        }
    }

    static Phase[] phases() {
        return new Phase[] {BEFORE_APPLY, Phase.WHILE_QUEUED, AFTER_APPLY_BEFORE_REPLY, AFTER_REPLY};
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.StateEffect.clockJump;
import static io.dflockd.fake.fault.StateEffect.fencesGoBack;
import static io.dflockd.fake.fault.StateEffect.freeze;
import static io.dflockd.fake.fault.StateEffect.noAutoRelease;
import static io.dflockd.fake.fault.StateEffect.restart;
import static io.dflockd.fake.fault.Trigger.release;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole server jumps, stands still, restarts or forgets while a request is on its way. */
@Timeout(60)
class ServerFaultTest {

    private final Stage stage = new Stage();

    ServerFaultTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    @Shows(effect = StateEffect.ClockJump.class, at = Point.BEFORE_APPLY)
    void the_clock_jumps_before_an_acquire_and_its_lease_begins_after_that() throws IOException {
        String token = stage.other.token("jumped");
        stage.strike(BEFORE_APPLY, clockJump(ofSeconds(33)));

        assertThat(stage.client().line()).matches(Stage.GRANT);
        assertThat(stage.other.ask("r", "jumped", token)).isEqualTo("error");
        stage.advance(32_999);
        stage.assertHeld();
        stage.advance(1_000);
        stage.assertFree();
    }

    @Test
    @Shows(effect = StateEffect.ClockJump.class, at = Point.WHILE_QUEUED)
    void the_clock_jumps_while_a_client_waits_and_its_time_is_over() throws IOException {
        stage.strike(WHILE_QUEUED, clockJump(ofSeconds(10)));

        assertThat(stage.client().line()).isEqualTo("timeout");
    }

    @ParameterizedTest
    @MethodSource("late")
    @Shows(
            effect = StateEffect.ClockJump.class,
            at = {Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void the_clock_jumps_after_an_acquire_and_the_lease_is_over_on_the_server_only(Phase phase) throws IOException {
        stage.strike(phase, clockJump(ofSeconds(33)));

        String reply = stage.client().line();

        assertThat(reply).matches(Stage.GRANT);
        stage.assertFree();
        assertThat(stage.client().ask("n", "orders", reply.substring(3, 35))).isEqualTo("error");
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = StateEffect.Freeze.class,
            at = {Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void a_frozen_server_answers_nobody_until_its_time_is_over(Phase phase) throws IOException {
        stage.strike(phase, freeze(ofSeconds(3)));
        stage.other.send("l", "more", "0");
        stage.client().send("stats", "", "");
        String before = phase.equals(AFTER_REPLY) ? stage.client().line() : "";
        stage.advance(2_999);
        assertThat(stage.other.hasInput()).isFalse();
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1);

        assertThat(stage.other.line()).matches(Stage.GRANT);
        stage.handOn();
        assertThat(before.isEmpty() ? stage.client().line() : before).matches(Stage.GRANT);
        assertThat(stage.client().line()).startsWith("ok {");
    }

    @ParameterizedTest
    @MethodSource("phases")
    void a_thaw_ends_it_before_its_time(Phase phase) throws IOException {
        stage.strike(phase, freeze(ofSeconds(3)));
        stage.other.send("l", "more", "0");

        stage.server.clock().thaw();

        assertThat(stage.other.line()).matches(Stage.GRANT);
        stage.handOn();
        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = StateEffect.Restarted.class,
            at = {Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void a_restart_with_its_state_ends_all_connections_and_what_was_carried_out_stays(Phase phase) throws IOException {
        stage.strike(phase, restart(Restart.KEEP_STATE));

        assertThat(stage.client().everything()).matches(Stage.sent(phase) + RawClient.END);
        assertThat(stage.other.end()).isEqualTo(RawClient.END);
        boolean held = !phase.equals(BEFORE_APPLY);
        try (RawClient late = new RawClient(stage.server)) {
            assertThat(late.ask("l", "orders", "0")).matches(held ? "timeout" : Stage.GRANT);
            stage.advance(33_000);
            assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = StateEffect.Restarted.class,
            at = {Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void a_restart_without_its_state_frees_all(Phase phase) throws IOException {
        stage.strike(phase, restart(Restart.LOSE_STATE));

        assertThat(stage.client().everything()).matches(Stage.sent(phase) + RawClient.END);
        assertThat(stage.other.end()).isEqualTo(RawClient.END);
        try (RawClient late = new RawClient(stage.server)) {
            assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }

    @ParameterizedTest
    @MethodSource("allPhases")
    @Shows(
            effect = StateEffect.NoAutoRelease.class,
            at = {
                Point.ON_CONNECT,
                Point.AFTER_REQUEST_LINE,
                Point.BEFORE_APPLY,
                Point.WHILE_QUEUED,
                Point.AFTER_APPLY_BEFORE_REPLY,
                Point.DURING_REPLY,
                Point.AFTER_REPLY,
                Point.IDLE
            })
    void without_auto_release_a_lease_outlives_its_connection(Phase phase) throws IOException {
        stage.strike(phase, noAutoRelease());
        stage.handOn();
        if (!phase.equals(Phase.IDLE)) {
            assertThat(stage.client().line()).matches(Stage.GRANT);
        }

        stage.client().hangUp();

        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
        stage.assertHeld();
        stage.advance(33_000);
        stage.assertFree();
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = StateEffect.FencesGoBack.class,
            at = {Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY})
    void fences_go_back_and_later_grants_have_lower_ones(Phase phase) throws IOException {
        try (Stage v2 = new Stage(options -> options.withProfile(Profile.V2))) {
            for (int i = 0; i < 10; i++) {
                v2.other.token("key" + i);
            }
            long before = fence(v2.other.token("before"));
            v2.strike(phase, fencesGoBack(8));
            v2.handOn();

            long struck = fence(v2.client().line().substring(3, 35));
            long after = fence(v2.client().token("after"));

            boolean applied = Stage.isApplied(phase);
            assertThat(Long.compareUnsigned(struck, before)).isEqualTo(applied ? 1 : -1);
            assertThat(after).isLessThan(before);
        }
    }

    private static long fence(String token) {
        return Long.parseUnsignedLong(token.substring(0, 16), 16);
    }

    @Test
    void fences_do_not_go_below_0_where_they_would_be_the_highest() throws IOException {
        try (Stage v2 = new Stage(options -> options.withProfile(Profile.V2))) {
            v2.strike(AFTER_REPLY, fencesGoBack(Long.MAX_VALUE));

            assertThat(fence(v2.other.token("after"))).isEqualTo(1);
        }
    }

    @Test
    void what_outlives_its_connection_is_only_that_of_the_struck_one() throws IOException {
        stage.strike(AFTER_APPLY_BEFORE_REPLY, noAutoRelease());
        try (RawClient third = new RawClient(stage.server)) {
            third.token("third");
            stage.server.on(release()).at(BEFORE_APPLY).then(close());
            third.send("r", "third", "any");
            assertThat(third.end()).isEqualTo(RawClient.END);
        }
        assertThat(stage.other.ask("l", "third", "0")).matches(Stage.GRANT);
        stage.assertHeld();
    }

    static Phase[] late() {
        return new Phase[] {AFTER_APPLY_BEFORE_REPLY, AFTER_REPLY};
    }

    static Phase[] phases() {
        return new Phase[] {BEFORE_APPLY, WHILE_QUEUED, AFTER_APPLY_BEFORE_REPLY, AFTER_REPLY};
    }

    static Stream<Phase> allPhases() {
        return Stage.phases();
    }
}

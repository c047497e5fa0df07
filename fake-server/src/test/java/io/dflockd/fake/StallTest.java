package io.dflockd.fake;

import static io.dflockd.fake.Stage.isApplied;
import static io.dflockd.fake.Stage.sent;
import static io.dflockd.fake.Stage.toBeSent;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Effect.stallThenClose;
import static io.dflockd.fake.fault.Phase.Point.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.Point.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.Point.AFTER_REQUEST_LINE;
import static io.dflockd.fake.fault.Phase.Point.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.Point.DURING_REPLY;
import static io.dflockd.fake.fault.Phase.Point.IDLE;
import static io.dflockd.fake.fault.Phase.Point.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.Point.WHILE_QUEUED;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections on which nothing happens any more, at every phase. */
@Timeout(60)
class StallTest {

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.Stall.class,
            at = {
                ON_CONNECT,
                AFTER_REQUEST_LINE,
                BEFORE_APPLY,
                WHILE_QUEUED,
                AFTER_APPLY_BEFORE_REPLY,
                DURING_REPLY,
                AFTER_REPLY,
                IDLE
            })
    void a_stalled_client_waits_until_the_fault_is_released(Phase phase) throws IOException {
        try (Stage stage = new Stage(options -> options.withReadTimeout(ofSeconds(5)))) {
            FaultHandle fault = stage.strike(phase, stall());
            stage.client().send("stats", "", "");
            String before = stage.client().read(sent(phase).isEmpty() ? 0 : phase.number() == 8 ? 8 : 39);
            stage.handOn();
            stage.advance(4_000);
            stage.stats();
            stage.advance(4_000);

            assertThat(before).matches(sent(phase));
            assertThat(stage.client().hasInput()).isFalse();
            fault.release();

            int left = toBeSent(phase).isEmpty() ? 0 : phase.number() == 8 ? 31 : 39;
            assertThat(stage.client().read(left)).matches(toBeSent(phase));
            assertThat(stage.client().line()).startsWith("ok {");
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    void a_stalled_client_that_closes_is_not_noticed_before_the_release(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            FaultHandle fault = stage.strike(phase, stall());

            stage.client().hangUp();
            stage.handOn();
            assertThat(stage.stats()).contains("\"connections\":2");
            if (isApplied(phase) || phase.equals(Phase.WHILE_QUEUED)) {
                stage.assertHeld();
            }
            fault.release();

            await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
            assertThat(stage.other.ask("l", "orders", "0")).startsWith("ok ");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Profile.class,
            names = {"V1", "V2"})
    void released_in_the_queue_v2_finds_the_client_gone_at_once_and_v1_at_its_turn(Profile profile) throws IOException {
        try (Stage stage = new Stage(options -> options.withProfile(profile))) {
            FaultHandle fault = stage.strike(Phase.WHILE_QUEUED, stall());
            stage.client().hangUp();
            assertThat(stage.stats()).contains("\"connections\":2");

            fault.release();

            if (profile == Profile.V2) {
                await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
            } else {
                assertThat(stage.stats()).contains("\"connections\":2");
                stage.handOn();
                await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.Stall.class,
            at = {
                ON_CONNECT,
                AFTER_REQUEST_LINE,
                BEFORE_APPLY,
                WHILE_QUEUED,
                AFTER_APPLY_BEFORE_REPLY,
                DURING_REPLY,
                AFTER_REPLY,
                IDLE
            })
    void stall_then_close_keeps_everything_for_its_time_and_then_closes(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            stage.strike(phase, stallThenClose(ofSeconds(3)));
            stage.handOn();
            stage.advance(2_999);
            assertThat(stage.stats()).contains("\"connections\":2");
            if (isApplied(phase) || phase.equals(Phase.WHILE_QUEUED)) {
                stage.assertHeld();
            }

            stage.advance(1);

            assertThat(stage.client().everything()).matches(sent(phase) + RawClient.END);
            assertThat(stage.stats()).contains("\"connections\":1");
            assertThat(stage.other.ask("l", "orders", "0")).startsWith("ok ");
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    void a_stall_that_is_released_does_not_close(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            FaultHandle fault = stage.strike(phase, stallThenClose(ofSeconds(3)));
            stage.handOn();

            fault.release();
            stage.advance(3_000);

            int left = sent(phase).isEmpty() && toBeSent(phase).isEmpty() ? 0 : 39;
            assertThat(stage.client().read(left)).matches(sent(phase) + toBeSent(phase));
            assertThat(stage.client().ask("l", "more", "0")).startsWith("ok ");
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    void a_fault_that_is_removed_still_releases_what_it_has_stalled(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            FaultHandle fault = stage.strike(phase, stall());
            stage.handOn();

            fault.remove();
            fault.release();

            int left = sent(phase).isEmpty() && toBeSent(phase).isEmpty() ? 0 : 39;
            assertThat(stage.client().read(left)).matches(sent(phase) + toBeSent(phase));
        }
    }

    static Stream<Phase> phases() {
        return Stage.phases();
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.Stage.isApplied;
import static io.dflockd.fake.Stage.sent;
import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.slowClose;
import static io.dflockd.fake.fault.Phase.Point.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.Point.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.Point.AFTER_REQUEST_LINE;
import static io.dflockd.fake.fault.Phase.Point.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.Point.DURING_REPLY;
import static io.dflockd.fake.fault.Phase.Point.IDLE;
import static io.dflockd.fake.fault.Phase.Point.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.Point.WHILE_QUEUED;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that end, at every phase: what their clients see, and what is left of them. */
@Timeout(60)
class EndingTest {

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.Close.class,
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
    void close_ends_the_stream_behind_what_was_written_and_frees_everything(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            stage.strike(phase, close());

            assertThat(stage.client().everything()).matches(sent(phase) + RawClient.END);
            assertThat(stage.stats()).contains("\"connections\":1").doesNotContain("\"waiters\":1");
            stage.assertFree();
        }
    }

    @ParameterizedTest
    @MethodSource("phasesOfOpenConnections")
    @Shows(
            effect = Effect.Reset.class,
            at = {
                AFTER_REQUEST_LINE,
                BEFORE_APPLY,
                WHILE_QUEUED,
                AFTER_APPLY_BEFORE_REPLY,
                DURING_REPLY,
                AFTER_REPLY,
                IDLE
            })
    void reset_breaks_the_connection_off_and_frees_everything(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            stage.strike(phase, reset());

            assertThat(stage.client().everything()).matches("(" + sent(phase) + ")?reset");
            assertThat(stage.stats()).contains("\"connections\":1").doesNotContain("\"waiters\":1");
            stage.assertFree();
        }
    }

    @Test
    @Shows(effect = Effect.Reset.class, at = ON_CONNECT)
    void reset_on_connect_fails_the_first_read_if_not_the_connect() throws IOException {
        try (Stage stage = new Stage()) {
            stage.server.on(anyCommand()).at(Phase.ON_CONNECT).then(reset());

            assertThat(connectAndRead(stage)).isEqualTo("reset");
            assertThat(stage.stats()).contains("\"connections\":1");
        }
    }

    private static String connectAndRead(Stage stage) throws IOException {
        try {
            return stage.client().everything();
        } catch (SocketException reset) {
            return "reset";
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.SlowClose.class,
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
    void slow_close_frees_everything_at_once_and_tells_the_client_later(Phase phase) throws IOException {
        try (Stage stage = new Stage()) {
            stage.strike(phase, slowClose(ofSeconds(3)));

            assertThat(stage.stats()).contains("\"connections\":1").doesNotContain("\"waiters\":1");
            stage.assertFree();
            stage.client().send("l", "more", "0");
            assertThat(stage.client().socket().getInputStream().available())
                    .as("no more than was written before")
                    .isLessThanOrEqualTo(39);
            stage.advance(2_999);
            assertThat(stage.other.ask("l", "more", "0")).startsWith("ok ");
            stage.advance(1);

            assertThat(stage.client().everything()).matches(sent(phase) + RawClient.END);
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    void without_auto_release_what_was_carried_out_stays_until_the_lease_ends(Phase phase) throws IOException {
        try (Stage stage = new Stage(options -> options.withAutoReleaseOnDisconnect(false))) {
            stage.strike(phase, close());
            assertThat(stage.client().everything()).matches(sent(phase) + RawClient.END);

            boolean stays = isApplied(phase) || phase.equals(Phase.WHILE_QUEUED);
            stage.handOn();
            assertThat(stage.other.ask("l", "orders", "0")).matches(stays ? "timeout" : Stage.GRANT);

            stage.advance(33_000);
            if (stays) {
                stage.other.token("orders");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.ShutdownOutput.class,
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
    void shutdown_output_ends_the_stream_while_writes_succeed_and_nothing_is_freed(Phase phase) throws IOException {
        try (Stage stage = new Stage(options -> options.withReadTimeout(ofSeconds(200)))) {
            stage.strike(phase, Effect.shutdownOutput());

            assertThat(stage.client().everything()).matches(sent(phase) + RawClient.END);
            for (int i = 0; i < 2_000; i++) {
                stage.client().send("l", "more", "0");
            }
            assertThat(stage.other.ask("l", "more", "0"))
                    .as("nobody looks at it")
                    .startsWith("ok ");
            assertThat(stage.stats()).contains("\"connections\":2");
            stage.handOn();
            if (isApplied(phase) || phase.equals(Phase.WHILE_QUEUED)) {
                stage.assertHeld();
            }

            stage.client().hangUp();
            await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
            assertThat(stage.other.ask("l", "orders", "0")).startsWith("ok ");
        }
    }

    @Test
    void a_client_that_has_only_its_input_is_kept_until_its_lease_ends_and_no_read_timeout_runs() throws IOException {
        try (Stage stage = new Stage(options -> options.withReadTimeout(ofSeconds(23)))) {
            stage.strike(Phase.WHILE_QUEUED, Effect.shutdownOutput());
            stage.handOn();
            for (int seconds = 0; seconds < 32; seconds += 16) {
                stage.assertHeld();
                stage.advance(16_000);
            }

            stage.advance(1_000);

            stage.assertFree();
            assertThat(stage.stats()).contains("\"connections\":2");
        }
    }

    static Stream<Phase> phases() {
        return Stage.phases();
    }

    static Stream<Phase> phasesOfOpenConnections() {
        return phases().filter(phase -> !phase.equals(Phase.ON_CONNECT));
    }
}

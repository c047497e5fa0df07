package io.dflockd.fake;

import static io.dflockd.fake.Stage.sent;
import static io.dflockd.fake.Stage.toBeSent;
import static io.dflockd.fake.fault.Effect.lateReply;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.logNormalLatency;
import static io.dflockd.fake.fault.Effect.uniformLatency;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Delay;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What takes longer, at every phase where something can. */
@Timeout(60)
class TimingTest {

    private final Stage stage = new Stage();

    TimingTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @ParameterizedTest
    @MethodSource("phases")
    @Shows(
            effect = Effect.Latency.class,
            at = {
                Point.ON_CONNECT,
                Point.AFTER_REQUEST_LINE,
                Point.BEFORE_APPLY,
                Point.AFTER_APPLY_BEFORE_REPLY,
                Point.DURING_REPLY
            })
    void latency_holds_the_rest_back_and_nobody_else(Phase phase) throws IOException {
        stage.strike(phase, latency(ofSeconds(2)));

        String first = stage.client().read(sent(phase).isEmpty() ? 0 : 8);
        stage.advance(1_999);
        assertThat(stage.client().hasInput()).isFalse();
        assertThat(stage.other.ask("l", "more", "0")).startsWith("ok ");
        stage.advance(1);

        assertThat(first + stage.client().line() + "\n").matches(sent(phase) + toBeSent(phase));
        assertThat(stage.client().ask("l", "others", "0")).startsWith("ok ");
    }

    @ParameterizedTest
    @MethodSource("phases")
    void after_a_latency_the_client_has_its_whole_read_timeout(Phase phase) throws IOException {
        try (Stage strict = new Stage(options -> options.withReadTimeout(ofSeconds(5)))) {
            strict.strike(phase, latency(ofSeconds(20)));
            strict.advance(20_000);
            assertThat(strict.client().line()).startsWith("ok ");

            strict.advance(4_999);
            assertThat(strict.client().hasInput()).isFalse();
            strict.advance(1);

            assertThat(strict.client().everything()).isEqualTo("error\nend of stream");
        }
    }

    @Test
    void a_client_that_says_nothing_after_a_slow_connect_runs_into_the_read_timeout() throws IOException {
        try (Stage strict = new Stage(options -> options.withReadTimeout(ofSeconds(5)))) {
            FaultHandle fault =
                    strict.server.on(anyCommand()).at(Phase.ON_CONNECT).then(latency(ofSeconds(20)));
            strict.client();
            assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();

            strict.advance(24_999);
            assertThat(strict.client().hasInput()).isFalse();
            strict.advance(1);

            assertThat(strict.client().everything()).isEqualTo("error\nend of stream");
        }
    }

    @Test
    void latency_before_apply_lets_others_come_first() throws IOException {
        stage.strike(BEFORE_APPLY, latency(ofSeconds(2)));

        String token = stage.other.token("orders");
        stage.advance(2_000);
        assertThat(stage.client().hasInput()).isFalse();
        stage.other.ask("r", "orders", token);

        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @Test
    void latency_after_apply_delays_only_the_reply_and_the_lease_runs() throws IOException {
        stage.strike(AFTER_APPLY_BEFORE_REPLY, latency(ofSeconds(34)));

        stage.assertHeld();
        stage.advance(33_000);
        stage.assertFree();
        stage.advance(1_000);

        assertThat(stage.client().line()).as("worth nothing any more").matches(Stage.GRANT);
    }

    @Test
    void a_random_latency_is_drawn_from_its_range_and_told_in_the_log() throws IOException {
        RawClient client = stage.client();
        stage.server
                .on(acquire())
                .at(BEFORE_APPLY)
                .then(uniformLatency(ofMillis(100), ofMillis(200)))
                .times(20);
        for (int i = 0; i < 20; i++) {
            assertThat(ask(client, "key" + i)).isBetween(ofMillis(100), ofMillis(200));
        }
        stage.server
                .on(acquire())
                .at(BEFORE_APPLY)
                .then(logNormalLatency(ofMillis(100), 1, ofMillis(300)))
                .times(20);
        int shorter = 0;
        for (int i = 20; i < 40; i++) {
            Duration took = ask(client, "key" + i);
            assertThat(took).isBetween(Duration.ZERO, ofMillis(300));
            shorter += took.compareTo(ofMillis(100)) < 0 ? 1 : 0;
        }
        assertThat(shorter).isBetween(2, 18);
    }

    /** How long the reply took on the server's clock. */
    private Duration ask(RawClient client, String key) throws IOException {
        int before = stage.server.faultLog().size();
        client.send("l", key, "0");
        await().atMost(Stage.LIMIT).until(() -> stage.server.faultLog().size() > before);
        Delay delay = ((Effect.Latency) stage.server.faultLog().get(before).effect()).delay();
        Duration drawn = ((Delay.Fixed) delay).time();
        stage.server.clock().advance(drawn.minusNanos(1));
        assertThat(client.hasInput()).isFalse();
        stage.server.clock().advance(Duration.ofNanos(1));
        assertThat(client.line()).startsWith("ok ");
        return drawn;
    }

    @Test
    @Shows(effect = Effect.LateReply.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_late_reply_comes_after_the_clients_own_timeout_and_answers_its_next_request() throws IOException {
        String token = stage.other.token("orders");
        FaultHandle fault =
                stage.server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(lateReply(ofSeconds(1)));
        stage.client().send("l", "orders", "5");
        stage.client().send("n", "orders", token);
        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"waiters\":1"));
        stage.advance(3_000);
        assertThat(stage.other.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(2_999);
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1);

        assertThat(stage.client().line()).as("it was granted after 3 s").matches(Stage.GRANT);
        assertThat(stage.client().line()).isEqualTo("error");
    }

    @Test
    void a_late_reply_to_what_has_no_timeout_counts_from_the_request() throws IOException {
        String token = stage.client().token("orders");
        FaultHandle fault =
                stage.server.on(renew()).at(AFTER_APPLY_BEFORE_REPLY).then(lateReply(ofSeconds(4)));
        stage.client().send("n", "orders", token + " 60");
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(3_999);
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1);

        assertThat(stage.client().line()).isEqualTo("ok 60");
    }

    @Test
    void a_pending_delay_does_not_keep_the_server_from_stopping() throws IOException {
        stage.strike(BEFORE_APPLY, latency(ofDays(999_999)));

        stage.server.close();

        assertThat(stage.client().end()).isEqualTo(RawClient.END);
    }

    static Stream<Phase> phases() {
        return Stage.timedPhases();
    }
}

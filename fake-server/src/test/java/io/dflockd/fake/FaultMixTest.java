package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.shutdownOutput;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.IDLE;
import static io.dflockd.fake.fault.Phase.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.Phase.afterRequestLine;
import static io.dflockd.fake.fault.ReplyEffect.reply;
import static io.dflockd.fake.fault.ReplyEffect.unsolicitedLine;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.auth;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.release;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults together with each other, and with what a server does by itself. */
@Timeout(60)
class FaultMixTest {

    private Stage stage = new Stage();

    FaultMixTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    private void startAs(FakeOptions options) throws IOException {
        stage.close();
        stage = new Stage(manual -> options.withManualClock());
    }

    @Test
    void v2_finds_a_client_gone_as_soon_as_its_late_request_blocks() throws IOException {
        startAs(FakeOptions.defaults().withProfile(Profile.V2));
        stage.other.token("orders");
        stage.strike(BEFORE_APPLY, latency(ofSeconds(2)));
        stage.client().hangUp();
        assertThat(stage.stats()).contains("\"connections\":2");

        stage.advance(2_000);

        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
        assertThat(stage.stats()).contains("\"waiters\":0");
    }

    @Test
    void a_line_and_its_request_may_both_be_struck() throws IOException {
        FaultHandle line = stage.server.on(acquire()).at(afterRequestLine(2)).then(latency(ofSeconds(1)));
        FaultHandle request = stage.server.on(acquire()).at(BEFORE_APPLY).then(latency(ofSeconds(1)));
        stage.client().send("l", "orders", "0");
        assertThat(line.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(1_000);
        assertThat(request.fired()).isEqualTo(1);
        assertThat(stage.client().hasInput()).isFalse();

        stage.advance(1_000);

        assertThat(stage.client().line()).matches(Stage.GRANT);
    }

    @Test
    void a_client_that_is_not_let_in_can_be_struck_in_every_part_of_its_refusal() throws IOException {
        startAs(FakeOptions.defaults().withAuthToken("secret"));
        FaultHandle fault = stage.server.on(auth()).at(AFTER_APPLY_BEFORE_REPLY).then(latency(ofSeconds(2)));
        stage.client().send("auth", "", "wrong");
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(2_000);
        assertThat(stage.client().line()).isEqualTo("error_auth");
        stage.advance(99);
        assertThat(stage.client().hasInput()).isFalse();
        stage.advance(1);
        assertThat(stage.client().end()).isEqualTo(RawClient.END);

        stage.server.on(anyCommand()).at(AFTER_REPLY).then(reset());
        try (RawClient second = new RawClient(stage.server)) {
            assertThat(second.send("l", "orders", "0").everything()).matches("(error_auth\n)?reset");
        }
        stage.server.on(auth()).at(BEFORE_APPLY).then(close());
        try (RawClient third = new RawClient(stage.server)) {
            assertThat(third.send("auth", "", "secret").everything()).isEqualTo(RawClient.END);
        }
        assertThat(stage.server.unusedFaults()).isEmpty();
    }

    @Test
    void a_forced_ok_lets_nobody_in() throws IOException {
        startAs(FakeOptions.defaults().withAuthToken("secret"));
        stage.server.on(auth()).at(BEFORE_APPLY).then(reply("ok"));

        assertThat(stage.client().ask("auth", "", "wrong")).isEqualTo("ok");

        assertThat(stage.client().ask("l", "orders", "0")).isEqualTo("error_auth");
    }

    @Test
    void v2_turns_a_late_request_away_if_it_drains_meanwhile() throws IOException {
        startAs(FakeOptions.defaults().withProfile(Profile.V2));
        stage.strike(BEFORE_APPLY, latency(ofSeconds(2)));
        stage.server
                .on(anyCommand())
                .at(AFTER_REPLY)
                .then(unsolicitedLine("and more"))
                .times(2);

        stage.server.drain();
        stage.advance(2_000);

        assertThat(stage.client().everything()).isEqualTo("error_draining\n" + RawClient.END);
        assertThat(stage.other.send("stats", "", "").everything())
                .isEqualTo("error_draining\nand more\n" + RawClient.END);
    }

    @Test
    void a_stalled_waiter_hears_of_the_drain_when_it_is_released() throws IOException {
        FaultHandle fault = stage.strike(WHILE_QUEUED, stall());
        stage.server.drain();
        assertThat(stage.client().hasInput()).isFalse();

        fault.release();

        assertThat(stage.client().line()).isEqualTo("error");
    }

    @Test
    void what_is_sent_ahead_of_a_slow_connect_is_answered_in_order() throws IOException {
        FaultHandle fault = stage.server.on(anyCommand()).at(ON_CONNECT).then(stall());
        RawClient client = stage.client();
        String ahead = "l\norders\n0\n".repeat(2_000);
        client.socket().getOutputStream().write(ahead.getBytes(StandardCharsets.UTF_8));
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        assertThat(client.hasInput()).isFalse();

        fault.release();

        assertThat(client.line()).matches(Stage.GRANT);
        for (int i = 1; i < 2_000; i++) {
            assertThat(client.line()).isEqualTo("timeout");
        }
    }

    @Test
    void a_connection_with_half_a_request_is_not_idle() throws IOException {
        FaultHandle half = stage.server.on(anyCommand()).at(afterRequestLine(1)).then(latency(ZERO));
        stage.client().socket().getOutputStream().write("l\nord".getBytes(StandardCharsets.UTF_8));
        assertThat(half.awaitFired(Stage.LIMIT)).isTrue();
        stage.advance(0);

        FaultHandle idle = stage.server.on(anyCommand().connection(2)).at(IDLE).then(unsolicitedLine("idle"));
        assertThat(idle.fired()).isZero();
        stage.client().socket().getOutputStream().write("ers\n0\n".getBytes(StandardCharsets.UTF_8));

        assertThat(stage.client().line()).matches(Stage.GRANT);
        assertThat(stage.client().line()).isEqualTo("idle");
        assertThat(stage.client().ask("l", "more", "0")).matches(Stage.GRANT);
    }

    @Test
    void an_unasked_line_does_not_stop_the_read_timeout() throws IOException {
        startAs(FakeOptions.defaults().withReadTimeout(ofSeconds(5)));
        stage.client().token("orders");
        stage.advance(3_000);
        stage.server.on(anyCommand().connection(2)).at(IDLE).then(unsolicitedLine("idle"));
        assertThat(stage.client().line()).isEqualTo("idle");

        stage.advance(2_000);

        assertThat(stage.client().everything()).isEqualTo("error\n" + RawClient.END);
    }

    @Test
    void a_stalled_idle_connection_has_its_read_timeout_again_after_the_release() throws IOException {
        startAs(FakeOptions.defaults().withReadTimeout(ofSeconds(5)));
        FaultHandle fault = stage.strike(IDLE, stall());
        stage.advance(10_000);
        assertThat(stage.client().hasInput()).isFalse();

        fault.release();
        stage.advance(5_000);

        assertThat(stage.client().everything()).isEqualTo("error\n" + RawClient.END);
    }

    @Test
    void all_idle_connections_are_struck_by_a_fault_that_strikes_always() throws IOException {
        stage.client().token("orders");
        stage.stats();

        stage.server.on(anyCommand()).at(IDLE).then(unsolicitedLine("idle")).always();

        assertThat(stage.client().line()).isEqualTo("idle");
        assertThat(stage.other.line()).isEqualTo("idle");
    }

    @Test
    void what_was_sent_behind_a_request_that_ends_its_connection_is_not_carried_out() throws IOException {
        stage.server.on(acquire("first")).at(AFTER_REPLY).then(close());

        stage.client().socket().getOutputStream().write("l\nfirst\n0\nl\norders\n0\n".getBytes(StandardCharsets.UTF_8));

        assertThat(stage.client().everything()).matches(Stage.GRANT + "\n" + RawClient.END);
        stage.assertFree();
        assertThat(stage.stats()).doesNotContain("\"key\":\"orders\",\"owner_conn_id\":2");
    }

    @Test
    void a_client_that_has_only_its_input_is_noticed_when_it_goes_however_much_it_had_sent_ahead() throws IOException {
        stage.server.on(acquire("orders")).at(AFTER_REPLY).then(shutdownOutput());
        String ahead = "l\norders\n0\n" + "x\ny\nz\n".repeat(1_000);
        stage.client().socket().getOutputStream().write(ahead.getBytes(StandardCharsets.UTF_8));
        assertThat(stage.client().everything()).matches(Stage.GRANT + "\n" + RawClient.END);
        assertThat(stage.stats()).contains("\"connections\":2");

        stage.client().hangUp();

        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
    }

    @Test
    void after_each_reply_of_a_pipeline_its_own_fault_strikes() throws IOException {
        stage.server
                .on(acquire())
                .at(AFTER_REPLY)
                .then(unsolicitedLine("after"))
                .times(2);

        stage.client().socket().getOutputStream().write("l\na\n0\nl\nb\n0\n".getBytes(StandardCharsets.UTF_8));

        assertThat(stage.client().line()).matches(Stage.GRANT);
        assertThat(stage.client().line()).isEqualTo("after");
        assertThat(stage.client().line()).matches(Stage.GRANT);
        assertThat(stage.client().line()).isEqualTo("after");
    }

    @Test
    void a_grant_that_is_lost_with_its_connection_is_handed_on() throws IOException {
        String token = stage.other.token("orders");
        try (RawClient third = new RawClient(stage.server)) {
            stage.server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
            stage.client().send("l", "orders", "10");
            await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"waiters\":1"));
            assertThat(third.ask("e", "orders", "")).isEqualTo("queued");

            assertThat(stage.other.ask("r", "orders", token)).isEqualTo("ok");

            assertThat(stage.client().end()).isEqualTo("reset");
            assertThat(third.ask("w", "orders", "0")).matches(Stage.GRANT);
        }
    }

    @Test
    void a_release_that_is_lost_before_it_is_applied_releases_nothing() throws IOException {
        String token = stage.other.token("orders");
        stage.server.on(release()).at(BEFORE_APPLY).then(reset());
        stage.client().send("r", "orders", token);
        assertThat(stage.client().end()).isEqualTo("reset");
        assertThat(stage.other.ask("n", "orders", token)).isEqualTo("ok 33");

        stage.server.on(release()).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
        try (RawClient third = new RawClient(stage.server)) {
            assertThat(third.send("r", "orders", token).end()).isEqualTo("reset");
        }
        assertThat(stage.other.ask("n", "orders", token)).isEqualTo("error");
    }

    @Test
    void an_enqueue_is_struck_in_the_queue_behind_its_reply() throws IOException {
        stage.other.token("orders");
        stage.server.on(enqueue()).at(WHILE_QUEUED).then(close());

        assertThat(stage.client().send("e", "orders", "").everything()).isEqualTo("queued\n" + RawClient.END);

        assertThat(stage.stats()).contains("\"waiters\":0");
    }
}

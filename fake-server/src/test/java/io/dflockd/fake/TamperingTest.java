package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.slowClose;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.ReplyEffect.coalesce;
import static io.dflockd.fake.fault.StateEffect.clockJump;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.release;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a test does to the server by hand, without any request. */
@Timeout(60)
class TamperingTest {

    private final Stage stage = new Stage();
    private final FakeDflockdServer server = stage.server;
    private final RawClient client = stage.client();

    TamperingTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    void a_kicked_client_reads_the_end_and_loses_its_lease() throws IOException {
        client.token("orders");

        server.kick(2);
        server.kick(2);
        server.kick(99);

        assertThat(client.end()).isEqualTo(RawClient.END);
        stage.assertFree();
    }

    @Test
    void a_stalled_client_can_be_kicked_and_its_release_comes_too_late() throws IOException {
        FaultHandle fault = stage.strike(BEFORE_APPLY, stall());

        server.kick(2);
        fault.release();

        assertThat(client.end()).isEqualTo(RawClient.END);
        stage.assertFree();
    }

    @Test
    void a_stolen_key_is_the_thief_s() throws IOException {
        String token = client.token("orders");

        String stolen = server.steal("orders");

        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
        stage.assertHeld();
        assertThat(client.ask("n", "orders", stolen)).isEqualTo("ok 33");
        assertThat(client.ask("r", "orders", stolen)).isEqualTo("ok");
        stage.assertFree();
    }

    @Test
    void a_shortened_lease_goes_to_the_waiter_at_its_end() throws IOException {
        stage.other.token("orders");
        client.ask("e", "orders", "");

        server.shortenLease("orders", ofSeconds(4));

        client.send("w", "orders", "10");
        stage.advance(3_999);
        assertThat(client.hasInput()).isFalse();
        stage.advance(1);
        assertThat(client.line()).matches(Stage.GRANT);
    }

    @Test
    void after_a_restart_with_its_state_a_holder_renews_by_its_token() throws IOException {
        String token = client.token("orders");
        stage.other.send("l", "orders", "10");
        awaitWaiter();

        server.restart(Restart.KEEP_STATE);

        assertThat(client.end()).isEqualTo(RawClient.END);
        assertThat(stage.other.end()).isEqualTo(RawClient.END);
        try (RawClient late = new RawClient(server)) {
            assertThat(late.ask("stats", "", "")).contains("\"connections\":1").contains("\"waiters\":0");
            assertThat(late.ask("n", "orders", token)).isEqualTo("ok 33");
            assertThat(late.ask("l", "orders", "0")).isEqualTo("timeout");
            assertThat(late.ask("r", "orders", token)).isEqualTo("ok");
        }
    }

    @Test
    void after_a_restart_without_its_state_a_token_is_worth_nothing() throws IOException {
        int port = server.port();
        server.clock().advance(ofSeconds(5));
        String token = client.token("orders");
        stage.other.send("l", "orders", "10");
        awaitWaiter();
        FaultHandle armed = server.on(acquire("later")).at(BEFORE_APPLY).then(close());

        server.restart(Restart.LOSE_STATE);

        assertThat(client.end()).isEqualTo(RawClient.END);
        assertThat(stage.other.end()).isEqualTo(RawClient.END);
        assertThat(server.port()).isEqualTo(port);
        assertThat(server.clock().nanos()).isEqualTo(ofSeconds(5).toNanos());
        assertThat(server.unusedFaults()).containsExactly(armed);
        try (RawClient late = new RawClient(server)) {
            assertThat(late.ask("n", "orders", token)).isEqualTo("error");
            assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
            stage.advance(33_000);
            assertThat(late.ask("l", "orders", "0")).as("sweeps go on").matches(Stage.GRANT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\tb", "a\nb"})
    void a_key_that_no_client_can_name_is_refused(String key) {
        List<ThrowingCallable> calls = List.of(
                () -> server.steal(key), () -> server.expireLease(key), () -> server.shortenLease(key, ofSeconds(1)));

        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no client of v1 can name the key '" + key + "'");
        }
    }

    @Test
    void clients_of_v0_can_name_a_key_with_a_space() {
        try (FakeDflockdServer v0 =
                FakeDflockdServer.start(FakeOptions.defaults().withProfile(Profile.V0))) {
            assertThat(v0.steal("a b")).hasSize(32);
        }
    }

    @Test
    void a_lease_cannot_be_shortened_to_less_than_nothing() {
        assertThatThrownBy(() -> server.shortenLease("orders", ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-1S");
    }

    @Test
    void a_restarted_server_does_not_stand_still() throws IOException {
        server.clock().freeze(ofHours(1));

        server.restart(Restart.KEEP_STATE);

        try (RawClient late = new RawClient(server)) {
            assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }

    private void awaitWaiter() throws IOException {
        try (RawClient watcher = new RawClient(server)) {
            await().atMost(Stage.LIMIT).until(() -> watcher.ask("stats", "", "").contains("\"waiters\":1"));
        }
        await().atMost(Stage.LIMIT).until(() -> client.ask("stats", "", "").contains("\"connections\":2"));
    }

    @Test
    void the_clock_jumps_and_everything_happens_at_once() throws IOException {
        stage.other.token("orders");
        client.ask("e", "orders", "");

        server.clock().jump(ofSeconds(40));

        assertThat(client.ask("w", "orders", "0")).matches(Stage.GRANT);
        assertThat(server.clock().nanos()).isEqualTo(ofSeconds(40).toNanos());
        stage.advance(32_999);
        stage.assertHeld();
    }

    @Test
    void a_jump_within_an_advance_comes_on_top_of_it() throws IOException {
        stage.strike(BEFORE_APPLY, latency(ofSeconds(3)));
        server.on(acquire()).at(BEFORE_APPLY).then(clockJump(ofSeconds(20)));
        client.send("l", "more", "0");
        stage.advance(10_000);

        assertThat(client.line()).matches(Stage.GRANT);
        assertThat(client.line()).matches(Stage.GRANT);
        assertThat(server.clock().nanos()).isEqualTo(ofSeconds(30).toNanos());
        stage.advance(1_000);
        assertThat(server.clock().nanos()).isEqualTo(ofSeconds(31).toNanos());
    }

    @Test
    void a_frozen_server_accepts_and_answers_nobody_until_it_thaws() throws IOException {
        server.clock().freeze(ofDays(999_999));
        try (RawClient late = new RawClient(server)) {
            late.send("l", "late", "0");
            client.send("l", "orders", "0");
            stage.advance(60_000);
            assertThat(late.hasInput()).isFalse();
            assertThat(client.hasInput()).isFalse();

            server.clock().thaw();

            assertThat(client.line()).matches(Stage.GRANT);
            assertThat(late.line()).matches(Stage.GRANT);
        }
    }

    @Test
    void a_freeze_ends_by_itself_and_what_was_due_happens_then() throws IOException {
        stage.other.token("orders");
        client.send("l", "orders", "2");
        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"waiters\":1"));

        server.clock().freeze(ofSeconds(5));
        stage.advance(4_999);
        assertThat(client.hasInput()).isFalse();
        stage.advance(1);

        assertThat(client.line()).isEqualTo("timeout");
        assertThatThrownBy(() -> server.clock().freeze(ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> server.clock().jump(ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void on_the_system_clock_a_freeze_ends_by_itself_too() throws IOException {
        try (FakeDflockdServer real = FakeDflockdServer.start();
                RawClient waiting = new RawClient(real)) {
            real.clock().freeze(ofMillis(50));

            assertThat(waiting.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stop_and_reset_cut_short_whatever_a_fault_has_begun(boolean stop) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        stage.other.token("orders");
        List<FaultHandle> faults = List.of(
                server.on(anyCommand().connection(3)).at(BEFORE_APPLY).then(stall()),
                server.on(anyCommand().connection(4)).at(BEFORE_APPLY).then(latency(ofDays(999_999))),
                server.on(anyCommand().connection(5)).at(BEFORE_APPLY).then(slowClose(ofDays(999_999))),
                server.on(anyCommand().connection(6)).at(WHILE_QUEUED).then(stall()),
                server.on(anyCommand().connection(7))
                        .at(AFTER_APPLY_BEFORE_REPLY)
                        .then(coalesce(9)));
        for (int i = 0; i < faults.size(); i++) {
            clients.add(new RawClient(server));
            clients.get(i).send("l", i == 4 ? "free" : "orders", "10");
            assertThat(faults.get(i).awaitFired(Stage.LIMIT)).isTrue();
        }
        server.partition(6, 7);
        server.clock().freeze(ofDays(999_999));

        if (stop) {
            server.close();
        } else {
            server.reset();
        }

        for (RawClient struck : clients) {
            assertThat(struck.end()).isEqualTo(RawClient.END);
            struck.close();
        }
        faults.forEach(FaultHandle::release);
        if (!stop) {
            assertThat(server.unusedFaults()).isEmpty();
            assertThat(server.faultLog()).isEmpty();
            try (RawClient late = new RawClient(server)) {
                assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
                assertThat(late.ask("stats", "", "")).contains("\"connections\":1,");
            }
        }
    }

    @Test
    void a_fault_of_before_a_reset_strikes_no_more_whatever_is_asked_of_it() throws IOException {
        FaultHandle spent = server.on(release()).at(BEFORE_APPLY).then(close());
        client.send("r", "orders", "none");
        assertThat(client.end()).isEqualTo(RawClient.END);

        server.reset();
        spent.always();

        try (RawClient late = new RawClient(server)) {
            assertThat(late.ask("r", "orders", "none")).isEqualTo("error");
        }
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.IDLE;
import static io.dflockd.fake.fault.Phase.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.stats;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.ReplyEffect;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults on the way to a server that knows nothing of them. */
@Timeout(60)
class ProxyFaultTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String GRANT = "ok [0-9a-f]{32} 33";

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private final FakeDflockdServer proxy = FakeDflockdServer.proxying(server.address());
    private RawClient client;
    private RawClient direct;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(proxy);
        direct = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        direct.close();
        proxy.close();
        server.close();
    }

    @Test
    void before_apply_the_server_has_not_seen_the_request() throws IOException {
        FaultHandle fault = proxy.on(acquire("orders")).at(BEFORE_APPLY).then(stall());
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(LIMIT)).isTrue();

        String token = direct.token("orders");
        assertThat(direct.ask("r", "orders", token)).isEqualTo("ok");
        fault.release();

        assertThat(client.line()).matches(GRANT);
    }

    @Test
    void a_reply_that_is_lost_was_carried_out() throws IOException {
        String token = direct.token("orders");
        proxy.on(release("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());

        client.send("r", "orders", token);

        assertThat(client.end()).isEqualTo("reset");
        assertThat(direct.ask("r", "orders", token)).isEqualTo("error");
    }

    @Test
    void a_grant_that_is_lost_with_its_connection_is_handed_on() throws IOException {
        proxy.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(close());

        client.send("l", "orders", "0");

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(direct.ask("l", "orders", "5")).matches(GRANT);
    }

    @Test
    void a_latency_holds_the_reply_and_what_the_server_says_behind_it() throws IOException {
        FaultHandle fault =
                proxy.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(latency(Duration.ofMillis(100)));
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(LIMIT)).isTrue();

        server.close();

        assertThat(client.line()).matches(GRANT);
        assertThat(client.end()).isEqualTo("end of stream");
    }

    @Test
    void a_request_that_is_answered_in_the_servers_place_never_reaches_it() throws IOException {
        proxy.on(acquire("orders")).at(BEFORE_APPLY).then(ReplyEffect.reply("error_future"));

        assertThat(client.ask("l", "orders", "0")).isEqualTo("error_future");
        assertThat(direct.ask("l", "orders", "0")).matches(GRANT);
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
    }

    @Test
    void the_servers_line_is_rewritten() throws IOException {
        proxy.on(acquire()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.missingToken());
        proxy.on(release()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.duplicateReply());
        proxy.on(stats()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.malformedStats());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("ok 33");
        assertThat(client.ask("r", "orders", "x")).isEqualTo("error");
        assertThat(client.line()).isEqualTo("error");
        assertThat(client.ask("stats", "-", "-")).startsWith("ok {").doesNotEndWith("}");
    }

    @Test
    void what_does_not_fit_the_reply_waits_for_the_next() throws IOException {
        direct.token("orders");
        FaultHandle fault = proxy.on(acquire()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.missingToken());

        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
        assertThat(fault.fired()).isZero();
        assertThat(client.ask("l", "free", "0")).isEqualTo("ok 33");
    }

    @Test
    void a_request_without_an_answer_is_taken_for_queued() throws IOException {
        String token = direct.token("orders");
        FaultHandle fault = proxy.on(acquire()).at(WHILE_QUEUED).then(close());

        assertThat(client.ask("l", "free", "5")).matches(GRANT);
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
        assertThat(fault.fired()).as("they need not wait").isZero();
        client.send("l", "orders", "60");

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(direct.ask("r", "orders", token)).isEqualTo("ok");
    }

    @Test
    void a_stalled_waiter_gets_its_grant_when_it_is_released() throws IOException {
        String token = direct.token("orders");
        FaultHandle fault = proxy.on(acquire()).at(WHILE_QUEUED).then(stall());
        client.send("l", "orders", "60");
        assertThat(fault.awaitFired(LIMIT)).isTrue();
        assertThat(direct.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(direct.ask("l", "orders", "0")).isEqualTo("timeout");
        assertThat(client.hasInput()).isFalse();

        fault.release();

        assertThat(client.line()).matches(GRANT);
    }

    @Test
    void an_enqueue_is_queued_when_the_server_says_so() throws IOException {
        direct.token("orders");
        proxy.on(enqueue()).at(WHILE_QUEUED).then(close());

        assertThat(client.ask("e", "orders", "")).isEqualTo("queued");
        assertThat(client.end()).isEqualTo("end of stream");
    }

    @Test
    void connections_and_lines_are_struck() throws IOException {
        FaultHandle fault = proxy.on(anyCommand().connection(2)).at(ON_CONNECT).then(reset());
        assertThat(RawClient.fate(proxy)).isEqualTo("reset");
        assertThat(fault.fired()).isOne();
        proxy.on(acquire()).at(Phase.afterRequestLine(2)).then(latency(Duration.ofMillis(50)));
        assertThat(client.ask("l", "orders", "0")).matches(GRANT);
        proxy.on(anyCommand()).at(IDLE).then(ReplyEffect.unsolicitedLine("hello"));
        assertThat(client.line()).isEqualTo("hello");
    }

    @Test
    void a_fault_armed_between_two_lines_finds_a_request_that_the_server_has_begun_to_see() throws IOException {
        client.socket().getOutputStream().write("l\norders\n".getBytes(US_ASCII));
        assertThat(client.hasInput()).isFalse();
        FaultHandle fault = proxy.on(acquire()).at(BEFORE_APPLY).then(latency(Duration.ofMillis(20)));

        client.socket().getOutputStream().write("0\n".getBytes(US_ASCII));

        assertThat(client.line()).matches(GRANT);
        assertThat(fault.fired()).isOne();
    }

    @Test
    void a_partition_lets_nothing_through_until_it_is_healed() throws IOException {
        assertThat(client.ask("l", "orders", "0")).matches(GRANT);
        proxy.partition();
        client.send("l", "bills", "0");
        server.close();
        assertThat(client.hasInput()).isFalse();

        proxy.heal();

        assertThat(client.end()).isIn("end of stream", "reset");
    }

    @Test
    void effects_on_the_state_are_refused() {
        assertThatThrownBy(() -> proxy.on(acquire()).at(BEFORE_APPLY).then(Effect.expireLease()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a proxy cannot change the one behind it");
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.expireLease;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.FaultHandle;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client sees at its socket, for every effect at every phase. */
class FaultSocketTest {

    private static final Duration LIMIT = ofSeconds(5);
    private static final String GRANT = "ok [0-9a-f]{32} 33";

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private RawClient client;
    private RawClient other;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(server);
        other = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        other.close();
        server.close();
    }

    @Test
    void latency_before_apply_lets_others_come_first() throws IOException {
        FaultHandle fault = server.on(acquire("orders")).at(BEFORE_APPLY).then(latency(ofSeconds(2)));
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(LIMIT)).isTrue();

        assertThat(other.ask("l", "orders", "0")).matches(GRANT);
        server.clock().advance(ofSeconds(2));

        assertThat(client.line()).isEqualTo("timeout");
    }

    @Test
    void latency_after_apply_delays_only_the_reply() throws IOException {
        FaultHandle fault =
                server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(latency(ofSeconds(2)));
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(LIMIT)).isTrue();

        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
        server.clock().advance(Duration.ofMillis(1_999));
        assertThat(client.hasInput()).isFalse();
        server.clock().advance(Duration.ofMillis(1));

        assertThat(client.line()).matches(GRANT);
    }

    @Test
    void expired_before_a_renew_the_renew_is_refused() throws IOException {
        String token = client.token("orders");
        server.on(renew("orders")).at(BEFORE_APPLY).then(expireLease());

        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
        assertThat(other.ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void expired_before_an_acquire_the_key_is_free() throws IOException {
        other.token("orders");
        server.on(acquire("orders")).at(BEFORE_APPLY).then(expireLease());

        assertThat(client.ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void expired_after_an_acquire_the_client_has_a_dead_token() throws IOException {
        server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(expireLease());

        String token = client.token("orders");

        assertThat(other.ask("l", "orders", "0")).matches(GRANT);
        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
    }

    @Test
    void close_before_apply_ends_the_stream_and_nothing_was_granted() throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(close());

        client.send("l", "orders", "0");

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(other.ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void close_after_apply_ends_the_stream_though_the_release_was_done() throws IOException {
        String token = client.token("orders");
        server.on(release("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(close());

        client.send("r", "orders", token);

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(other.ask("r", "orders", token)).isEqualTo("error");
    }

    @Test
    void reset_before_apply_breaks_the_connection_and_nothing_was_released() throws IOException {
        String token = other.token("orders");
        server.on(release("orders")).at(BEFORE_APPLY).then(reset());

        client.send("r", "orders", token);

        assertThat(client.end()).isEqualTo("reset");
        assertThat(other.ask("n", "orders", token)).isEqualTo("ok 33");
    }

    @Test
    void reset_after_apply_breaks_the_connection_though_the_renew_was_done() throws IOException {
        String token = other.token("orders");
        server.on(renew("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());

        client.send("n", "orders", token + " 60");

        assertThat(client.end()).isEqualTo("reset");
        server.clock().advance(ofSeconds(50));
        assertThat(other.ask("n", "orders", token)).isEqualTo("ok 33");
    }

    @Test
    void a_grant_that_is_lost_with_its_connection_is_handed_on() throws IOException {
        server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());

        client.send("l", "orders", "0");

        assertThat(client.end()).isEqualTo("reset");
        assertThat(other.ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void a_request_that_blocks_is_struck_after_apply_when_its_wait_is_over() throws IOException {
        String token = other.token("orders");
        FaultHandle fault =
                server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(close());
        client.send("l", "orders", "5");
        server.clock().advance(ofSeconds(4));
        assertThat(fault.fired()).isZero();

        assertThat(other.ask("r", "orders", token)).isEqualTo("ok");

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(fault.firedAt()).hasValue(ofSeconds(4).toNanos());
    }

    @Test
    void a_pending_delay_does_not_keep_the_server_from_stopping() throws IOException {
        FaultHandle fault = server.on(acquire("orders")).at(BEFORE_APPLY).then(latency(Duration.ofDays(999_999)));
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(LIMIT)).isTrue();

        server.close();

        assertThat(client.end()).isEqualTo("end of stream");
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.IDLE;
import static io.dflockd.fake.fault.Phase.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.ReplyEffect.unsolicitedLine;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.await;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import java.io.IOException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines that nobody asked for, wherever they may come. What was asked for comes as well. */
@Timeout(60)
class UnsolicitedLineTest {

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
    @Shows(effect = ReplyEffect.Unsolicited.class, at = Point.ON_CONNECT)
    void a_greeting() throws IOException {
        server.on(anyCommand().connection(3)).at(ON_CONNECT).then(unsolicitedLine("220 w\u00e9lcome"));
        try (RawClient late = new RawClient(server)) {
            assertThat(late.line()).isEqualTo("220 w\u00e9lcome");
            assertThat(late.ask("l", "orders", "0")).matches(GRANT);
        }
    }

    @Test
    @Shows(effect = ReplyEffect.Unsolicited.class, at = Point.BEFORE_APPLY)
    void before_the_reply() throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(unsolicitedLine("timeout"));

        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
        assertThat(client.line()).matches(GRANT);
    }

    @Test
    @Shows(effect = ReplyEffect.Unsolicited.class, at = Point.WHILE_QUEUED)
    void while_an_acquire_waits_in_the_queue() throws IOException {
        String token = other.token("orders");
        server.on(acquire("orders")).at(WHILE_QUEUED).then(unsolicitedLine("patience"));

        assertThat(client.ask("l", "orders", "10")).isEqualTo("patience");
        assertThat(other.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(client.line()).matches(GRANT);
    }

    @Test
    void while_an_enqueued_place_waits_and_while_it_is_awaited() throws IOException {
        String token = other.token("orders");
        server.on(enqueue("orders")).at(WHILE_QUEUED).then(unsolicitedLine("patience"));
        server.on(await("orders")).at(WHILE_QUEUED).then(unsolicitedLine("more patience"));

        assertThat(client.ask("e", "orders", "")).isEqualTo("queued");
        assertThat(client.line()).isEqualTo("patience");
        assertThat(client.ask("w", "orders", "10")).isEqualTo("more patience");
        assertThat(other.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(client.line()).matches(GRANT);
    }

    @Test
    @Shows(effect = ReplyEffect.Unsolicited.class, at = Point.AFTER_REPLY)
    void behind_the_reply() throws IOException {
        server.on(acquire("orders")).at(AFTER_REPLY).then(unsolicitedLine("by the way"));

        assertThat(client.ask("l", "orders", "0")).matches(GRANT);
        assertThat(client.line()).isEqualTo("by the way");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
    }

    @Test
    @Shows(effect = ReplyEffect.Unsolicited.class, at = Point.IDLE)
    void at_once_on_a_connection_that_is_idle() throws IOException {
        String token = client.token("orders");

        server.on(anyCommand().connection(1)).at(IDLE).then(unsolicitedLine("error"));

        assertThat(client.line()).isEqualTo("error");
        assertThat(client.ask("n", "orders", token)).isEqualTo("ok 33");
    }

    @Test
    void after_the_reply_on_a_connection_that_is_idle_then() throws IOException {
        String token = other.token("orders");
        client.send("l", "orders", "10");
        Awaitility.await()
                .until(() -> server.state().queued().size() == 1); // or it would be idle when the fault is armed

        server.on(anyCommand().connection(1)).at(IDLE).then(unsolicitedLine("error"));
        other.ask("r", "orders", token);

        assertThat(client.line()).matches(GRANT);
        assertThat(client.line()).isEqualTo("error");
    }
}

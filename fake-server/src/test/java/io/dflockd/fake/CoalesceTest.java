package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.shutdownOutput;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.duringReply;
import static io.dflockd.fake.fault.ReplyEffect.coalesce;
import static io.dflockd.fake.fault.ReplyEffect.crlf;
import static io.dflockd.fake.fault.ReplyEffect.unsolicitedLine;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.release;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replies that are held back to go out together: when they do, and that none is lost or overtaken. */
@Timeout(60)
class CoalesceTest {

    private static final String[] ACQUIRE = {"l", "orders", "0"};

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock().withReadTimeout(ofSeconds(23)));
    private ByteClient client;
    private FaultHandle coalesced;

    @BeforeEach
    void connect() throws IOException {
        client = new ByteClient(server);
        coalesced = server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(coalesce(3));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private void assertHeldBack() throws IOException {
        assertThat(coalesced.awaitFired(ofSeconds(5))).isTrue();
        server.clock().advance(Duration.ZERO);
        assertThat(client.waiting()).isZero();
    }

    private void assertReadsTheGrantThen(String line) throws IOException {
        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.line()).isEqualTo(line);
    }

    @Test
    @Shows(effect = ReplyEffect.Coalesce.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void so_many_replies_come_in_one() throws IOException {
        client.send(ACQUIRE);
        assertHeldBack();
        client.send("l", "orders", "0");
        client.send("r", "orders", "x");

        assertReadsTheGrantThen("timeout\n");
        assertThat(client.line()).isEqualTo("error\n");
        assertThat(client.ask("r", "orders", "x")).isEqualTo("error\n");
    }

    @Test
    void a_second_one_begins_to_count_anew() throws IOException {
        server.on(release()).at(AFTER_APPLY_BEFORE_REPLY).then(coalesce(2));
        client.send(ACQUIRE);
        client.send("r", "orders", "x");
        assertHeldBack();

        client.send("r", "orders", "y");

        assertReadsTheGrantThen("error\n");
        assertThat(client.line()).isEqualTo("error\n");
    }

    @Test
    void those_held_back_come_before_the_end_of_the_stream() throws IOException {
        server.on(release()).at(BEFORE_APPLY).then(close());
        client.send(ACQUIRE);
        client.send("r", "orders", "x");

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void those_held_back_come_before_a_half_open_end() throws IOException {
        server.on(release()).at(BEFORE_APPLY).then(shutdownOutput());
        client.send(ACQUIRE);
        client.send("r", "orders", "x");

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void those_held_back_are_lost_in_a_reset() throws IOException {
        server.on(release()).at(BEFORE_APPLY).then(reset());
        client.send(ACQUIRE);
        client.send("r", "orders", "x");

        assertThat(client.end()).isEqualTo(ByteClient.RESET);
    }

    @Test
    void those_held_back_come_when_the_client_shuts_its_output() throws IOException {
        client.send(ACQUIRE);
        client.shutdownOutput();

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void those_held_back_come_before_the_line_at_the_read_timeout() throws IOException {
        client.send(ACQUIRE);
        assertHeldBack();

        server.clock().advance(ofSeconds(23));

        assertReadsTheGrantThen("error\n");
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void those_held_back_come_before_a_line_that_nobody_asked_for() throws IOException {
        server.on(anyCommand()).at(AFTER_REPLY).then(unsolicitedLine("hello")).always();
        client.send(ACQUIRE);
        client.send("r", "orders", "x");

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.line()).isEqualTo("error\n");
        assertThat(client.line()).isEqualTo("hello\n");
    }

    @Test
    void those_held_back_are_not_overtaken_by_a_reply_under_another_fault() throws IOException {
        server.on(release()).at(AFTER_APPLY_BEFORE_REPLY).then(crlf());
        server.on(release()).at(duringReply(2)).then(Effect.latency(ofSeconds(1)));
        client.send(ACQUIRE);
        client.send("r", "orders", "x");
        assertReadsTheGrantThen("error\r\n");

        client.send("r", "orders", "x");

        assertThat(client.bytes(2)).isEqualTo("er");
        server.clock().advance(ofSeconds(1));
        assertThat(client.line()).isEqualTo("ror\n");
    }

    @Test
    void a_server_that_closes_after_an_error_sends_those_held_back_first() throws IOException {
        FakeOptions options = FakeOptions.defaults().withManualClock().withProfile(Profile.V0);
        try (FakeDflockdServer old = FakeDflockdServer.start(options);
                ByteClient ahead = new ByteClient(old)) {
            old.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(coalesce(3));

            ahead.send(ACQUIRE);
            ahead.send("what", "orders", "0");

            assertThat(ahead.line()).matches("ok [0-9a-f]{32} 33\n");
            assertThat(ahead.line()).isEqualTo("error\n");
            assertThat(ahead.end()).isEqualTo(ByteClient.END);
        }
    }
}

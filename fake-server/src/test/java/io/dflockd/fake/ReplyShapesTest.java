package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.stats;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.ReplyShape;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** True replies in pieces over time, or several in one: which byte comes when, by the server's clock. */
@Timeout(60)
class ReplyShapesTest {

    private static final Duration LIMIT = ofSeconds(5);
    private static final int GRANT_BYTES = 39;
    private static final String PREFIX = "ok {\"connections\":1,\"locks\":[{\"key\":\"\u00e2";

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock().withReadTimeout(ofSeconds(1000)));
    private ByteClient client;

    @BeforeEach
    void connect() throws IOException {
        client = new ByteClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private void acquiredUnder(Effect effect) throws IOException {
        askedUnder(acquire(), effect, "l", "orders", "0");
    }

    private void askedUnder(Trigger trigger, Effect effect, String... request) throws IOException {
        FaultHandle fault = server.on(trigger).at(AFTER_APPLY_BEFORE_REPLY).then(effect);
        client.send(request);
        assertThat(fault.awaitFired(LIMIT)).isTrue();
        settle();
    }

    /** What the server is doing is done when this returns. */
    private void settle() {
        server.clock().advance(Duration.ZERO);
    }

    private void assertWaitingAfter(Duration time, int bytes) throws IOException {
        server.clock().advance(time);
        assertWaiting(bytes);
    }

    /** The machine may take a moment to deliver what was written. */
    private void assertWaiting(int bytes) {
        Awaitility.await().untilAsserted(() -> assertThat(client.waiting()).isEqualTo(bytes));
    }

    @Test
    @Shows(effect = ReplyShape.Dribble.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void dribble_spreads_the_pieces_evenly_from_now_to_the_end_of_the_time() throws IOException {
        acquiredUnder(ReplyEffect.dribble(4, ofSeconds(10)));

        assertWaiting(9);
        assertWaitingAfter(Duration.ofNanos(3_333_333_332L), 9);
        assertWaitingAfter(Duration.ofNanos(1), 19);
        assertWaitingAfter(Duration.ofNanos(3_333_333_333L), 29);
        assertWaitingAfter(Duration.ofNanos(3_333_333_333L), 29);
        assertWaitingAfter(Duration.ofNanos(1), GRANT_BYTES);
        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
    }

    @Test
    void dribble_in_one_chunk_comes_at_once_and_in_too_many_byte_by_byte() throws IOException {
        acquiredUnder(ReplyEffect.dribble(1, ofSeconds(10)));
        assertThat(client.bytes(GRANT_BYTES)).endsWith("\n");

        askedUnder(release(), ReplyEffect.dribble(1_000, ofSeconds(10)), "r", "orders", "x");
        assertWaiting(1);
        assertWaitingAfter(ofSeconds(2), 2);
        assertWaitingAfter(ofSeconds(8), 6);
        assertThat(client.line()).isEqualTo("error\n");
    }

    @Test
    void the_next_request_waits_for_the_last_piece() throws IOException {
        acquiredUnder(ReplyEffect.dribble(2, ofSeconds(10)));
        client.send("r", "orders", "x");

        assertWaitingAfter(ofSeconds(9), 19);
        server.clock().advance(ofSeconds(1));

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.line()).isEqualTo("error\n");
    }

    @Test
    @Shows(effect = ReplyShape.Slice.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void slice_has_its_sizes_and_the_rest_in_one() throws IOException {
        acquiredUnder(ReplyEffect.slice(ofMillis(10), 1, 4, 3));

        assertWaiting(1);
        assertWaitingAfter(ofMillis(10), 5);
        assertWaitingAfter(ofMillis(9), 5);
        assertWaitingAfter(ofMillis(1), 8);
        assertWaitingAfter(ofMillis(10), GRANT_BYTES);
        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
    }

    @Test
    void slice_without_a_gap_comes_whole_and_cuts_nothing_off() throws IOException {
        acquiredUnder(ReplyEffect.slice(1, 1, 1, 1_000));

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
    }

    @Test
    @Shows(effect = ReplyShape.SplitUtf8.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void split_inside_the_first_character_of_several_bytes() throws IOException {
        client.ask("l", "\u20ac", "0");
        askedUnder(stats(), ReplyEffect.splitInsideUtf8(ofSeconds(1)), "stats", "", "");

        assertThat(client.bytes(PREFIX.length())).isEqualTo(PREFIX);
        assertWaitingAfter(ofMillis(999), 0);
        server.clock().advance(ofMillis(1));

        assertThat(client.line()).startsWith("\u0082\u00ac\",").endsWith("}\n");
    }

    @Test
    void split_waits_for_stats_with_such_a_character() throws IOException {
        FaultHandle fault =
                server.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.splitInsideUtf8(ofSeconds(1)));
        client.ask("l", "orders", "0");

        assertThat(client.ask("stats", "", "")).startsWith("ok {").endsWith("}\n");
        assertThat(fault.fired()).isZero();
    }

    @Test
    @Shows(effect = ReplyShape.Bandwidth.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void bandwidth_is_so_many_bytes_a_second() throws IOException {
        acquiredUnder(ReplyEffect.bandwidth(4));

        assertWaiting(1);
        assertWaitingAfter(ofMillis(249), 1);
        assertWaitingAfter(ofMillis(1), 2);
        assertWaitingAfter(ofSeconds(5), 22);
        assertWaitingAfter(ofSeconds(5), GRANT_BYTES);
    }

    @Test
    void bandwidth_of_a_long_reply() throws IOException {
        client.ask("l", "k".repeat(250), "0");
        askedUnder(stats(), ReplyEffect.bandwidth(1_000), "stats", "", "");

        assertWaitingAfter(ofMillis(9), 10);
        assertWaitingAfter(ofMillis(1), 20);
        assertThat(client.bytes(20)).startsWith("ok {");
        assertWaitingAfter(ofMillis(190), 190);
        server.clock().advance(ofSeconds(1));
        assertThat(client.line()).endsWith("}\n");
    }

    @Test
    void bandwidth_on_the_clock_of_the_system_is_not_made_smaller_by_its_ticks() throws IOException {
        try (FakeDflockdServer real = FakeDflockdServer.start();
                RawClient reader = new RawClient(real)) {
            for (int i = 0; i < 200; i++) {
                reader.token("k".repeat(200) + i);
            }
            real.on(stats()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.dribble(30_000, ofMillis(300)));

            // A thousand ticks of a millisecond would not do for 30,000 pieces within the reader's five seconds.
            assertThat(reader.ask("stats", "", "")).hasSizeGreaterThan(30_000).endsWith("}");
        }
    }

    @Test
    void a_hundred_thousand_pieces_at_once_need_no_stack() throws IOException {
        for (int i = 0; i < 600; i++) {
            client.ask("l", "k".repeat(200) + i, "0");
        }
        FaultHandle fault =
                server.on(stats()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.dribble(100_000, Duration.ZERO));

        assertThat(client.ask("stats", "", "")).hasSizeGreaterThan(100_000).endsWith("}\n");
        assertThat(fault.fired()).isEqualTo(1);
    }

    @Test
    void a_reply_in_pieces_is_not_the_end_for_a_client_that_has_shut_its_output() throws IOException {
        acquiredUnder(ReplyEffect.dribble(2, ofSeconds(1)));

        client.shutdownOutput();
        server.clock().advance(ofSeconds(1));

        assertThat(client.line()).matches("ok [0-9a-f]{32} 33\n");
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void what_has_no_shape_is_refused() {
        assertThatThrownBy(() -> ReplyEffect.dribble(0, ofSeconds(1))).hasMessageContaining("chunks");
        assertThatThrownBy(() -> ReplyEffect.dribble(1, ofSeconds(-1))).hasMessageContaining("time does not go back");
        assertThatThrownBy(ReplyEffect::slice).hasMessageContaining("slices");
        assertThatThrownBy(() -> ReplyEffect.slice(1, 0)).hasMessageContaining("bytes in a slice");
        assertThatThrownBy(() -> ReplyEffect.bandwidth(0)).hasMessageContaining("bytes per second");
        assertThatThrownBy(() -> ReplyEffect.coalesce(1)).hasMessageContaining("at least 2 replies");
    }
}

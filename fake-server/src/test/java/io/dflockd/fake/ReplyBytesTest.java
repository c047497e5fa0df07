package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.shutdownOutput;
import static io.dflockd.fake.fault.Effect.slowClose;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Effect.stallThenClose;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Rewriting;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The very bytes that a client reads in place of the line that grants it a lock, and what the server did. */
@Timeout(60)
class ReplyBytesTest {

    private static final String GIVEN = "ok\n";
    private static final String NOT_GIVEN = "error\n";

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock().withSeed(7));
    private String token = "";
    private ByteClient client;

    @BeforeEach
    void connect() throws IOException {
        try (FakeDflockdServer twin = FakeDflockdServer.start(server.options());
                RawClient same = new RawClient(twin)) {
            token = same.token("orders");
        }
        client = new ByteClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    private String grant() {
        return "ok " + token + " 33\n";
    }

    private FaultHandle acquiredUnder(Phase phase, Effect effect) throws IOException {
        FaultHandle fault = server.on(acquire("orders")).at(phase).then(effect);
        client.send("l", "orders", "0");
        return fault;
    }

    /** Reads what is expected; what follows must be the reply to the next request, a release, which tells whether the lock was given. */
    private void assertReads(String expected, String released) throws IOException {
        assertThat(client.bytes(expected.length())).isEqualTo(expected);
        assertThat(client.ask("r", "orders", token)).isEqualTo(released);
        assertThat(client.waiting()).isZero();
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.LINE, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_line_in_place_of_the_reply_though_the_lock_was_given() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.reply("schön"));

        assertReads("sch\u00c3\u00b6n\n", GIVEN);
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.LINE, at = Point.BEFORE_APPLY)
    void a_line_in_place_of_the_reply_and_the_lock_was_not_given() throws IOException {
        acquiredUnder(BEFORE_APPLY, ReplyEffect.reply("hello"));

        assertReads("hello\n", NOT_GIVEN);
    }

    @Test
    void a_blank_line() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.blankLine());
        assertReads("\n", GIVEN);

        acquiredUnder(BEFORE_APPLY, ReplyEffect.blankLine());
        assertReads("\n", NOT_GIVEN);
    }

    @Test
    @Shows(
            effect = ReplyEffect.Rewritten.class,
            how = Rewriting.NOTHING,
            at = {Point.BEFORE_APPLY, Point.AFTER_APPLY_BEFORE_REPLY})
    void no_byte_and_the_next_reply_answers_the_next_request() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.emptyReply());
        assertReads("", GIVEN);

        acquiredUnder(BEFORE_APPLY, ReplyEffect.emptyReply());
        assertReads("", NOT_GIVEN);
    }

    @Test
    @Shows(
            effect = ReplyEffect.Rewritten.class,
            how = Rewriting.GARBAGE,
            at = {Point.BEFORE_APPLY, Point.AFTER_APPLY_BEFORE_REPLY})
    void garbage_is_a_line_that_its_seed_decides() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.garbage(4));
        String once = client.line();
        assertThat(once).hasSize(65);
        assertReads("", GIVEN);

        acquiredUnder(BEFORE_APPLY, ReplyEffect.garbage(4));
        assertReads(once, NOT_GIVEN);
        acquiredUnder(BEFORE_APPLY, ReplyEffect.garbage(5));
        assertThat(client.line()).hasSize(65).isNotEqualTo(once);
    }

    @Test
    void garbage_without_a_seed_differs_from_strike_to_strike_and_is_replayed_as_it_was() throws IOException {
        server.on(acquire()).at(BEFORE_APPLY).then(ReplyEffect.garbage()).always();
        String first = client.ask("l", "orders", "0");
        String second = client.ask("l", "orders", "0");
        assertThat(second).hasSize(65).isNotEqualTo(first);

        var log = server.faultLog();
        server.reset();
        server.replayFaults(log);

        client.close();
        client = new ByteClient(server);
        assertThat(client.ask("l", "orders", "0")).isEqualTo(first);
        assertThat(client.ask("l", "orders", "0")).isEqualTo(second);
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.NO_NEWLINE, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void a_reply_without_its_line_feed_runs_into_the_next() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.missingNewline());

        assertReads("ok " + token + " 33", GIVEN);
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.TWICE, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void the_reply_twice() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.duplicateReply());

        assertReads(grant() + grant(), GIVEN);
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.CRLF, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void the_reply_with_cr_and_lf() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.crlf());

        assertReads("ok " + token + " 33\r\n", GIVEN);
    }

    @Test
    @Shows(effect = ReplyEffect.Rewritten.class, how = Rewriting.OVERLONG, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void an_overlong_line_has_the_length_asked_for() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.overlongLine(300));

        assertReads("ok " + token + " 33 " + "x".repeat(261) + '\n', GIVEN);
    }

    @Test
    void an_overlong_line_of_a_megabyte_comes_whole() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.overlongLine(1 << 20));

        assertThat(client.line()).hasSize((1 << 20) + 1).endsWith("xxx\n");
        assertReads("", GIVEN);
    }

    @Test
    @Shows(effect = ReplyEffect.Partial.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void the_first_bytes_and_the_next_reply_goes_on_in_the_same_line() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(5));
        assertReads("ok " + token.substring(0, 2), GIVEN);
    }

    @Test
    void no_first_byte_or_more_than_there_are() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(0));
        assertReads("", GIVEN);
        server.on(acquire("invoices")).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.partialReply(999));

        client.send("l", "invoices", "0");

        assertThat(client.bytes(38)).matches("ok [0-9a-f]{32} 33");
        assertThat(client.ask("r", "invoices", "x")).isEqualTo("error\n");
    }

    @Test
    void the_first_bytes_then_the_end() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(5, close()));

        assertThat(client.bytes(5)).isEqualTo("ok " + token.substring(0, 2));
        assertThat(client.end()).isEqualTo(ByteClient.END);
        assertThatTheKeyIsFree();
    }

    @Test
    void no_byte_then_a_reset() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(0, reset()));

        assertThat(client.end()).isEqualTo(ByteClient.RESET);
        assertThatTheKeyIsFree();
    }

    @Test
    void the_first_bytes_then_half_open_and_the_lock_is_held() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(2, shutdownOutput()));

        assertThat(client.bytes(2)).isEqualTo("ok");
        assertThat(client.end()).isEqualTo(ByteClient.END);
        client.send("n", "orders", token);
        try (RawClient other = new RawClient(server)) {
            assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
        }
    }

    @Test
    void the_first_bytes_then_nothing_until_it_is_released() throws IOException {
        FaultHandle fault = acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(2, stall()));
        assertThat(client.bytes(2)).isEqualTo("ok");
        client.send("r", "orders", token);
        server.clock().advance(ofSeconds(30));
        assertThat(client.waiting()).isZero();

        fault.release();

        assertThat(client.line()).isEqualTo("ok\n");
    }

    @Test
    void the_first_bytes_and_after_a_while_the_end() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(2, stallThenClose(ofSeconds(3))));
        assertThat(client.bytes(2)).isEqualTo("ok");
        server.clock().advance(ofSeconds(3));
        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    @Test
    void the_first_bytes_and_the_lock_is_lost_before_the_end_is_seen() throws IOException {
        acquiredUnder(AFTER_APPLY_BEFORE_REPLY, ReplyEffect.partialReply(2, slowClose(ofSeconds(3))));
        assertThat(client.bytes(2)).isEqualTo("ok");
        assertThatTheKeyIsFree();
        assertThat(client.waiting()).isZero();

        server.clock().advance(ofSeconds(3));

        assertThat(client.end()).isEqualTo(ByteClient.END);
    }

    private void assertThatTheKeyIsFree() throws IOException {
        try (RawClient other = new RawClient(server)) {
            assertThat(other.token("orders")).hasSize(32);
        }
    }

    @Test
    void what_is_no_line_is_refused() {
        assertThatThrownBy(() -> ReplyEffect.reply("ok\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a line feed ends a line");
        assertThatThrownBy(() -> ReplyEffect.unsolicitedLine("a\nb")).hasMessageContaining("a\\nb");
        assertThatThrownBy(() -> ReplyEffect.overlongLine(256)).hasMessageContaining("at least 257 bytes");
        assertThatThrownBy(() -> ReplyEffect.overlongLine(1 << 25)).hasMessageContaining("endlessLine()");
        assertThatThrownBy(() -> ReplyEffect.partialReply(-1)).hasMessageContaining("at least 0 bytes");
        assertThatThrownBy(() -> ReplyEffect.partialReply(1, Effect.latency(ofSeconds(1))))
                .hasMessageContaining("a close, a reset or a stall");
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.shutdownOutput;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.Phase.afterRequestLine;
import static io.dflockd.fake.fault.Phase.duringReply;
import static io.dflockd.fake.fault.Trigger.acquire;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.journal.Change;
import io.dflockd.fake.journal.RecordedRequest;
import io.dflockd.fake.journal.Sending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the journal tells of requests, whatever became of them. */
class JournalTest extends JournalStage {

    private static final Duration LIMIT = ofSeconds(5);

    @Test
    void every_kind_of_change_has_its_word() throws IOException {
        RawClient client = client();
        RawClient other = client();
        String token = client.token("a");
        client.ask("n", "a", token);
        other.ask("l", "a", "0");
        other.ask("e", "a", "");
        client.ask("r", "a", token);
        String fetched = other.ask("w", "a", "0");
        other.ask("stats", "_", "_");
        client.ask("r", "a", token);

        assertThat(server.journal().requests().subList(0, 6))
                .extracting(RecordedRequest::toString)
                .containsExactly(
                        "#1 conn=1 l a -> granted reply ok " + token + " 33",
                        "#2 conn=1 n a -> renewed reply ok 33",
                        "#3 conn=2 l a -> nothing changed reply timeout",
                        "#4 conn=2 e a -> queued reply queued",
                        "#5 conn=1 r a -> released reply ok",
                        "#6 conn=2 w a -> fetched reply " + fetched);
        assertThat(lines().get(6)).startsWith("#7 conn=2 stats -> nothing changed reply ok {");
        assertThat(lines().get(7)).isEqualTo("#8 conn=1 r a -> nothing changed reply error");
    }

    @Test
    void a_request_is_recorded_with_its_place_time_and_lines() throws IOException {
        RawClient client = client();
        client.token("a");
        server.clock().advance(ofSeconds(2));
        client.ask("l", "orders", "0 10");

        RecordedRequest second = server.journal().requests().get(1);

        assertThat(second.number()).isEqualTo(2);
        assertThat(second.connection()).isEqualTo(1);
        assertThat(second.exchange()).isEqualTo(2);
        assertThat(second.lines()).containsExactly("l", "orders", "0 10");
        assertThat(second.at()).isEqualTo(ofSeconds(2).toNanos());
        assertThat(second.wallTime())
                .isAfterOrEqualTo(server.journal().requests().get(0).wallTime());
        assertThat(second.faults()).isEmpty();
        assertThat(second.reply()).hasValueSatisfying(reply -> assertThat(reply).matches("ok [0-9a-f]{32} 10"));
        assertThat(second.sending()).isEqualTo(Sending.WRITTEN);
        assertThat(second.isApplied()).isTrue();
    }

    @Test
    void one_that_waits_is_there_and_completed_later() throws IOException {
        String token = client().token("orders");
        RawClient waiter = client();
        waiter.send("l", "orders", "10");
        RecordedRequest before = second();
        assertThat(before).hasToString("#2 conn=2 l orders -> queued reply pending");
        assertThat(before.isPending()).isTrue();

        server.expireLease("orders");

        String reply = waiter.line();
        assertThat(reply).doesNotContain(token);
        assertThat(lines().get(1)).isEqualTo("#2 conn=2 l orders -> granted reply " + reply);
        assertThat(before).as("a picture").hasToString("#2 conn=2 l orders -> queued reply pending");
    }

    @Test
    void one_that_waited_in_vain_has_left_the_queue() throws IOException {
        client().token("orders");
        RawClient waiter = client();
        waiter.send("l", "orders", "10");
        second();

        server.clock().advance(ofSeconds(10));

        assertThat(lines().get(1)).isEqualTo("#2 conn=2 l orders -> left the queue reply timeout");
    }

    @Test
    void applied_and_reply_suppressed() throws IOException {
        server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
        RawClient client = client();
        client.send("l", "orders", "0");
        assertThat(client.end()).isEqualTo("reset");

        assertThat(lines())
                .containsExactly("#1 conn=1 l orders -> granted [AFTER_APPLY_BEFORE_REPLY Reset] reply suppressed");
        assertThat(server.journal().requests().get(0).reply()).isPresent();
    }

    @Test
    void not_applied_and_no_reply() throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(close());
        RawClient client = client();
        client.send("l", "orders", "0");
        assertThat(client.end()).isEqualTo(RawClient.END);

        assertThat(lines()).containsExactly("#1 conn=1 l orders -> not applied [BEFORE_APPLY Close] no reply");
        assertThat(server.journal().requests().get(0).isApplied()).isFalse();
    }

    @Test
    void a_delay_before_apply_and_one_behind_it_differ() throws IOException {
        FaultHandle before = server.on(acquire("a")).at(BEFORE_APPLY).then(latency(ofSeconds(1)));
        FaultHandle behind =
                server.on(acquire("b")).at(AFTER_APPLY_BEFORE_REPLY).then(latency(ofSeconds(1)));
        RawClient client = client();
        RawClient other = client();
        client.send("l", "a", "0");
        assertThat(before.awaitFired(LIMIT)).isTrue();
        other.send("l", "b", "0");
        assertThat(behind.awaitFired(LIMIT)).isTrue();

        assertThat(lines())
                .containsExactly(
                        "#1 conn=1 l a -> not applied [BEFORE_APPLY Latency[delay=PT1S]] reply pending",
                        "#2 conn=2 l b -> granted [AFTER_APPLY_BEFORE_REPLY Latency[delay=PT1S]] reply pending");

        server.clock().advance(ofSeconds(1));
        assertThat(server.journal().requests())
                .allMatch(request -> request.change() == Change.GRANTED && request.sending() == Sending.WRITTEN);
    }

    @Test
    void a_reply_that_a_fault_changed_is_shown_as_it_was_decided() throws IOException {
        server.on(acquire("a")).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.reply("timeout"));
        RawClient client = client();
        assertThat(client.ask("l", "a", "0")).isEqualTo("timeout");

        assertThat(server.journal().requests().get(0).change()).isEqualTo(Change.GRANTED);
        assertThat(lines().get(0))
                .contains("-> granted [AFTER_APPLY_BEFORE_REPLY ")
                .contains("reply changed, was ok ");
    }

    @Test
    void a_reply_cut_for_good_is_changed_and_one_that_came_late_is_not() throws IOException {
        server.on(acquire("a")).at(duringReply(3)).then(latency(ofSeconds(1)));
        server.on(acquire("b")).at(duringReply(3)).then(close());
        RawClient client = client();
        client.send("l", "a", "0");
        await(request -> request.sending() == Sending.CHANGED);

        server.clock().advance(ofSeconds(1));
        client.line();
        client.send("l", "b", "0");
        assertThat(client.line()).isEqualTo("ok ");

        assertThat(server.journal().requests())
                .extracting(RecordedRequest::sending)
                .containsExactly(Sending.WRITTEN, Sending.CHANGED);
    }

    @Test
    void a_shut_output_suppresses_the_reply_at_once() throws IOException {
        server.on(acquire("a")).at(AFTER_APPLY_BEFORE_REPLY).then(shutdownOutput());
        RawClient client = client();
        client.send("l", "a", "0");
        assertThat(client.end()).isEqualTo(RawClient.END);

        assertThat(lines().get(0)).endsWith("granted [AFTER_APPLY_BEFORE_REPLY ShutdownOutput] reply suppressed");
    }

    @Test
    void a_fault_behind_the_reply_does_not_change_what_became_of_it() throws IOException {
        server.on(acquire("a")).at(AFTER_REPLY).then(close());
        RawClient client = client();
        String reply = client.ask("l", "a", "0");
        assertThat(client.end()).isEqualTo(RawClient.END);

        assertThat(lines()).containsExactly("#1 conn=1 l a -> granted [AFTER_REPLY Close] reply " + reply);
    }

    @Test
    void a_grant_that_a_stall_holds_back_is_a_grant() throws IOException {
        client().token("a");
        FaultHandle fault = server.on(acquire("a")).at(WHILE_QUEUED).then(stall());
        RawClient waiter = client();
        waiter.send("l", "a", "9");
        assertThat(fault.awaitFired(LIMIT)).isTrue();
        assertThat(lines().get(1))
                .isEqualTo("#2 conn=2 l a -> queued [WHILE_QUEUED Stall[closeAfter=Optional.empty]] reply pending");

        server.expireLease("a");
        assertThat(lines().get(1)).contains("-> granted [").endsWith("reply pending");
        fault.release();

        assertThat(lines().get(1)).contains("-> granted [").endsWith("reply " + waiter.line());
    }

    @Test
    void one_that_is_struck_between_its_lines_is_there_as_far_as_it_came() throws IOException {
        server.on(acquire("a")).at(afterRequestLine(2)).then(close());
        RawClient client = client();
        client.send("l", "a", "0");
        assertThat(client.end()).isIn(RawClient.END, "reset");

        assertThat(lines())
                .containsExactly(
                        "#1 conn=1 \"l\" \"a\" (not complete) -> not applied [AFTER_REQUEST_LINE(2) Close] no reply");
    }

    @Test
    void one_that_is_held_up_between_its_lines_is_one_request_all_the_same() throws IOException {
        FaultHandle line = server.on(acquire("a")).at(afterRequestLine(2)).then(latency(ofSeconds(1)));
        server.on(acquire("a")).at(AFTER_REPLY).then(stall());
        RawClient client = client();
        client.ask("stats", "_", "_");
        client.send("l", "a", "0");
        assertThat(line.awaitFired(LIMIT)).isTrue();
        server.clock().advance(ofSeconds(1));
        client.line();

        RecordedRequest second = second();
        assertThat(server.journal().size()).isEqualTo(2);
        assertThat(second.exchange()).isEqualTo(2);
        assertThat(second.faults())
                .extracting(strike -> strike.phase().toString())
                .containsExactly("AFTER_REQUEST_LINE(2)", "AFTER_REPLY");
        assertThat(second.change()).isEqualTo(Change.GRANTED);
        assertThat(second.lines()).containsExactly("l", "a", "0");
    }

    @Test
    void malformed_requests_show_all_their_bytes_in_one_line() throws IOException {
        RawClient client = client();
        client.socket().getOutputStream().write(new byte[] {'x', (byte) 0xff, '\\', '\n', 7, '\n'});
        client.socket().getOutputStream().write("käse \\x07\n".getBytes(StandardCharsets.UTF_8));
        assertThat(client.line()).isEqualTo("error");

        assertThat(lines())
                .containsExactly("#1 conn=1 \"x\\xff\\\\\" \"\\x07\" \"käse \\\\x07\" (unknown command)"
                        + " -> nothing changed reply error");
    }

    @Test
    void a_very_long_reply_is_cut_and_says_so() throws IOException {
        RawClient client = client();
        for (int i = 0; i < 30; i++) {
            client.token("key-" + i);
        }
        String stats = client.ask("stats", "_", "_");

        String kept = server.journal().requests().get(30).reply().orElseThrow();
        assertThat(kept)
                .startsWith(stats.substring(0, 1000))
                .endsWith("... (" + (stats.length() - 999) + " bytes more)");
    }

    @Test
    void a_connection_that_ends_in_the_queue_gets_no_reply() throws IOException {
        client().token("a");
        RawClient waiter = client();
        waiter.send("l", "a", "9");
        second();

        server.kick(2);

        assertThat(lines().get(1)).isEqualTo("#2 conn=2 l a -> queued no reply");
    }

    private RecordedRequest second() {
        return server.journal()
                .await(request -> request.number() == 2 && request.change() != Change.NOT_APPLIED, 1, LIMIT)
                .get(0);
    }

    private void await(Predicate<RecordedRequest> wanted) {
        server.journal().await(wanted, 1, LIMIT);
    }
}

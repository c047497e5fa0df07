package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.FakeOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The seam under the sockets, where the transcripts do not go: congestion, back pressure, and peers that vanish in the middle. */
class SessionTest {

    private final ManualTime clock = new ManualTime();
    private final EngineDriver driver =
            new EngineDriver(FakeOptions.defaults().withManualClock().withMaxConnections(3), clock);
    private final TestWire holder = new TestWire();
    private final TestWire peer = new TestWire();
    private final Session holding = driver.accept(holder);
    private final Session session = driver.accept(peer);

    @Test
    void nothing_is_carried_out_while_a_reply_is_stuck() {
        peer.clogged = true;
        send(session, "l\na\n0\nl\nb\n0\n");
        assertThat(peer.lines()).hasSize(1);

        send(holding, "l\nb\n0\n");
        assertThat(holder.lines()).as("b is still free").hasSize(1).allMatch(line -> line.startsWith("ok "));

        peer.clogged = false;
        session.writable();
        assertThat(peer.lines()).hasSize(2).endsWith("timeout");
    }

    @Test
    void a_peer_that_does_not_read_is_reset_after_the_write_timeout() {
        send(session, "l\na\n0\n");
        peer.clogged = true;
        send(session, "x\ny\nz\n");

        driver.advance(Duration.ofMillis(4_999));
        assertThat(peer.reset).isFalse();
        driver.advance(Duration.ofMillis(1));

        assertThat(peer.reset).isTrue();
        send(holding, "l\na\n0\n");
        assertThat(holder.lines()).allMatch(line -> line.startsWith("ok "));
    }

    @Test
    void a_peer_that_reads_again_in_time_is_kept() {
        peer.clogged = true;
        send(session, "x\ny\nz\n");
        driver.advance(Duration.ofSeconds(4));
        session.writable();
        peer.clogged = false;
        session.writable();

        driver.advance(Duration.ofSeconds(60));

        assertThat(peer.reset).isFalse();
        send(session, "l\na\n0\n");
        assertThat(peer.lines()).hasSize(2);
    }

    @Test
    void a_last_line_that_is_stuck_has_its_time_too() {
        peer.clogged = true;
        send(session, "x".repeat(300) + "\n");
        assertThat(peer.closed).isTrue();

        driver.advance(Duration.ofSeconds(5));

        assertThat(peer.reset).isTrue();
    }

    @Test
    void too_much_sent_ahead_pauses_reading_until_its_turn() {
        send(holding, "l\na\n0\n");
        send(session, "l\na\n1\n");
        send(session, "x\ny\nz\n".repeat(600));
        assertThat(peer.paused).isFalse();
        send(session, "x\ny\nz\n".repeat(100));
        assertThat(peer.paused).isTrue();

        driver.advance(Duration.ofSeconds(1));

        assertThat(peer.paused).isFalse();
        assertThat(peer.lines()).hasSize(701).startsWith("timeout").endsWith("error");
    }

    @Test
    void who_was_sent_much_at_once_waits_for_the_next_turn_and_is_not_read_meanwhile() {
        peer.sated = true;

        send(session, "x\ny\nz\n".repeat(800));

        assertThat(peer.lines()).isEmpty();
        assertThat(peer.paused).isTrue();
        send(holding, "l\na\n0\n");
        assertThat(holder.lines()).allMatch(line -> line.startsWith("ok "));
        peer.sated = false;
        session.writable();
        assertThat(peer.lines()).hasSize(800).containsOnly("error");
        assertThat(peer.paused).isFalse();
    }

    @Test
    void what_was_sent_before_an_orderly_end_is_carried_out() {
        send(holding, "l\na\n0\n");
        send(session, "l\na\n1\nl\nb\n0\n");
        session.endOfStream();
        assertThat(peer.closed).isFalse();

        driver.advance(Duration.ofSeconds(1));

        assertThat(peer.lines()).hasSize(2).startsWith("timeout");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void what_was_sent_before_a_reset_is_not() {
        send(holding, "l\na\n0\n");
        send(session, "l\na\n1\nl\nb\n0\n");
        session.reset();

        driver.advance(Duration.ofSeconds(1));

        assertThat(peer.lines()).containsExactly("timeout");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void an_unfinished_line_that_is_too_long_is_answered_at_the_end_of_the_stream() {
        send(session, "x".repeat(300));
        session.endOfStream();

        assertThat(peer.lines()).containsExactly("error");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void a_wire_may_find_its_peer_gone_while_it_writes() {
        peer.onWrite = session::reset;

        send(session, "l\na\n0\nl\nb\n0\n");

        assertThat(peer.lines()).hasSize(1);
        send(holding, "l\na\n0\n");
        assertThat(holder.lines()).allMatch(line -> line.startsWith("ok "));
    }

    @Test
    void one_connection_too_many_is_closed_and_has_no_effect() {
        driver.accept(new TestWire());
        TestWire tooMany = new TestWire();

        Session refused = driver.accept(tooMany);
        send(refused, "l\na\n0\n");
        refused.endOfStream();
        refused.reset();

        assertThat(tooMany.closed).isTrue();
        assertThat(tooMany.lines()).isEmpty();
    }

    @Test
    void a_reset_driver_does_not_listen_to_sessions_of_before() {
        send(session, "l\na\n0\n");

        driver.reset();

        assertThat(peer.closed).isTrue();
        send(session, "l\nb\n0\n");
        session.endOfStream();
        session.writable();
        assertThat(peer.lines()).hasSize(1);
        TestWire fresh = new TestWire();
        send(driver.accept(fresh), "l\nb\n0\n");
        assertThat(fresh.lines()).allMatch(line -> line.startsWith("ok "));
        assertThat(driver.nextDeadline()).hasValue(Duration.ofSeconds(33).toNanos());
    }

    @Test
    void time_does_not_go_back() {
        assertThatThrownBy(() -> driver.advance(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void any_duration_may_pass() {
        send(holding, "l\na\n0 9223372036\n");

        driver.advance(Duration.ofDays(999_999_999));

        assertThat(clock.nanos()).isEqualTo(Long.MAX_VALUE);
    }

    private static void send(Session to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.received(bytes, 0, bytes.length);
    }
}

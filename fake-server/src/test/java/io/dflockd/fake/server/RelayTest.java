package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The way to the server behind, byte by byte: what the proxy has passed on, and what it still keeps. */
class RelayTest {

    private static final InetSocketAddress SERVER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 6388);

    /** As much of a TLS client's first message as matters here: there is no line feed in it. */
    private static final String HELLO = "\u0016\u0003\u0001";

    private final EngineDriver proxy =
            EngineDriver.proxy(FakeOptions.defaults().withManualClock(), new ManualTime(), SERVER);
    private final TestWire client = new TestWire();
    private final TestWire server = new TestWire();
    private final Queue<Receiver> connections = new ArrayDeque<>();

    private Session connect() {
        proxy.connectBy((address, receiver) -> {
            assertThat(address).isEqualTo(SERVER);
            connections.add(receiver);
            return server;
        });
        return proxy.accept(client);
    }

    private Session connected() {
        Session session = connect();
        connections.element().writable();
        return session;
    }

    private static void say(Receiver receiver, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        receiver.received(bytes, 0, bytes.length);
    }

    private void serverSays(String text) {
        say(connections.element(), text);
    }

    @Test
    void a_connection_that_does_not_come_about_is_given_up() {
        connect();

        proxy.advance(Duration.ofMillis(9_999));
        assertThat(client.reset).isFalse();
        proxy.advance(Duration.ofMillis(1));

        assertThat(client.reset).isTrue();
    }

    @Test
    void a_connection_that_stands_has_all_the_time_it_wants() {
        connected();

        proxy.advance(Duration.ofDays(1));

        assertThat(client.reset || client.closed).isFalse();
        assertThat(proxy.nextDeadline()).isEmpty();
    }

    @Test
    void a_connection_that_fails_at_once_resets_the_client() {
        proxy.connectBy((address, receiver) -> {
            throw new IOException("refused");
        });

        proxy.accept(client);

        assertThat(client.reset).isTrue();
    }

    @Test
    void without_faults_lines_go_on_as_they_come_and_unfinished_ones_wait() {
        Session session = connected();

        say(session, "l\norders\r\n1");
        assertThat(server.text()).isEqualTo("l\norders\r\n");
        say(session, "0\n");

        assertThat(server.text()).isEqualTo("l\norders\r\n10\n");
    }

    @Test
    void with_a_fault_armed_a_request_waits_until_it_is_complete() {
        Session session = connected();
        proxy.faults().on(Trigger.stats()).at(Phase.BEFORE_APPLY).then(Effect.close());

        say(session, "l\norders\n");
        assertThat(server.text()).isEmpty();
        say(session, "10\n");

        assertThat(server.text()).isEqualTo("l\norders\n10\n");
    }

    @Test
    void a_request_that_has_begun_to_go_on_is_not_answered_by_a_fault() {
        Session session = connected();
        say(session, "l\norders\n");
        FaultHandle fault =
                proxy.faults().on(Trigger.acquire()).at(Phase.BEFORE_APPLY).then(ReplyEffect.blankLine());

        say(session, "10\n");
        assertThat(server.text()).isEqualTo("l\norders\n10\n");
        serverSays("timeout\n");
        assertThat(client.lines()).containsExactly("timeout");
        say(session, "l\norders\n0\n");

        assertThat(fault.fired()).isOne();
        assertThat(client.lines()).containsExactly("timeout", "");
        assertThat(server.text()).isEqualTo("l\norders\n10\n");
    }

    @Test
    void what_is_sent_ahead_goes_on_one_by_one() {
        Session session = connected();

        say(session, "l\na\n0\nl\nb\n0\n");
        assertThat(server.text()).isEqualTo("l\na\n0\n");
        serverSays("time");
        assertThat(client.lines()).isEmpty();
        serverSays("out\n");

        assertThat(client.lines()).containsExactly("timeout");
        assertThat(server.text()).isEqualTo("l\na\n0\nl\nb\n0\n");
    }

    @Test
    void too_much_ahead_goes_on_at_once_and_still_finds_its_replies() {
        Session session = connected();
        FaultHandle fault = proxy.faults()
                .on(Trigger.acquire("b"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(ReplyEffect.duplicateReply());
        String ahead = "l\nb\n0\n" + "x".repeat(5_000);
        say(session, "l\na\n0\n" + ahead);
        assertThat(server.text()).isEqualTo("l\na\n0\n" + ahead);

        serverSays("timeout\nok\n");

        assertThat(client.lines()).containsExactly("timeout", "ok", "ok");
        assertThat(fault.fired()).isOne();
    }

    @Test
    void the_end_of_a_client_brings_what_it_has_left() {
        Session session = connected();
        say(session, "l\na\n0\nl\nb");

        session.endOfStream();

        assertThat(server.text()).isEqualTo("l\na\n0\nl\nb");
        assertThat(server.outputShut).isTrue();
        serverSays("timeout\n");
        assertThat(client.lines()).containsExactly("timeout");
        assertThat(client.closed).isFalse();
        connections.element().endOfStream();
        assertThat(client.closed).isTrue();
    }

    @Test
    void a_reset_passes_in_both_directions() {
        Session session = connected();
        say(session, "l\na\n9\n");
        session.reset();
        assertThat(server.reset).isTrue();

        TestWire other = new TestWire();
        connections.clear();
        proxy.accept(other);
        connections.element().writable();
        connections.element().reset();
        assertThat(other.reset).isTrue();
    }

    @Test
    void a_waiter_is_queued_after_50_ms() {
        Session session = connected();
        FaultHandle fault =
                proxy.faults().on(Trigger.acquire()).at(Phase.WHILE_QUEUED).then(Effect.stall());
        say(session, "l\na\n9\n");

        proxy.advance(Duration.ofMillis(49));
        assertThat(fault.fired()).isZero();
        proxy.advance(Duration.ofMillis(1));
        assertThat(fault.fired()).isOne();
        serverSays("timeout\n");
        connections.element().endOfStream();
        assertThat(client.lines()).isEmpty();
        assertThat(client.closed).as("a stall hides the end as well").isFalse();

        fault.release();

        assertThat(client.lines()).containsExactly("timeout");
        assertThat(client.closed).isTrue();
    }

    @Test
    void whoever_does_not_read_is_sent_no_more_than_is_kept() {
        connected();
        client.clogged = true;
        serverSays("greeting\n");
        serverSays("x".repeat(65_536));
        assertThat(server.paused).isFalse();
        serverSays("x");
        assertThat(server.paused).isTrue();

        client.clogged = false;
        proxy.sessions().all().get(0).writable();

        assertThat(server.paused).isFalse();
        assertThat(client.text()).hasSize(9 + 65_537);
    }

    @Test
    void a_server_that_does_not_read_stops_its_client() {
        Session session = connected();
        server.clogged = true;
        say(session, "l\na\n9\n");
        assertThat(client.paused).isTrue();

        server.clogged = false;
        connections.element().writable();

        assertThat(client.paused).isFalse();
    }

    @Test
    void tls_passes_from_its_first_byte_and_no_fault_finds_requests_in_it() {
        Session session = connected();
        FaultHandle fault =
                proxy.faults().on(Trigger.anyCommand()).at(Phase.BEFORE_APPLY).then(Effect.close());

        say(session, HELLO);
        assertThat(server.text()).isEqualTo(HELLO);
        serverSays("hello");
        say(session, "l\na\n9\n");

        assertThat(client.text()).isEqualTo("hello");
        assertThat(server.text()).isEqualTo(HELLO + "l\na\n9\n");
        assertThat(fault.fired()).isZero();
    }

    @Test
    void a_fault_on_connecting_holds_tls_too() {
        proxy.faults().on(Trigger.anyCommand()).at(Phase.ON_CONNECT).then(Effect.latency(Duration.ofSeconds(2)));
        Session session = connected();

        say(session, HELLO);
        proxy.advance(Duration.ofMillis(1_999));
        assertThat(server.text()).isEmpty();
        proxy.advance(Duration.ofMillis(1));

        assertThat(server.text()).isEqualTo(HELLO);
    }

    @Test
    void of_tls_that_is_held_no_more_is_kept_than_of_lines() {
        proxy.faults().on(Trigger.anyCommand()).at(Phase.ON_CONNECT).then(Effect.stall());
        Session session = connected();

        say(session, HELLO);
        assertThat(client.paused).isFalse();
        say(session, "x".repeat(65_536));

        assertThat(client.paused).isTrue();
    }
}

package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Profile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What auth.txt leaves open: how long the pause is, and what may happen in it. */
class AuthenticationTest {

    private static final String GRANT = "ok [0-9a-f]{32} 33";

    private final List<FaultEvent> faults = new ArrayList<>();
    private final EngineDriver driver = new EngineDriver(
            FakeOptions.defaults().withManualClock().withAuthToken(" s3cret\n").withFaultEvents(faults::add),
            new ManualTime());
    private final TestWire peer = new TestWire();
    private final Session session = driver.accept(peer);

    @Test
    void who_is_not_let_in_is_closed_after_a_tenth_of_a_second() {
        send(session, "auth\n\nwrong\n");
        assertThat(peer.lines()).containsExactly("error_auth");

        driver.advance(Duration.ofNanos(99_999_999));
        assertThat(peer.closed).isFalse();
        driver.advance(Duration.ofNanos(1));

        assertThat(peer.closed).isTrue();
        assertThat(stats()).contains("\"connections\":1,");
    }

    @Test
    void nothing_that_comes_during_the_pause_is_heard() {
        send(session, "auth\n\nwrong\n");

        send(session, "auth\n\ns3cret\nl\na\n0\n");
        session.endOfStream();
        session.reset();
        assertThat(peer.closed).isFalse();
        driver.advance(Duration.ofMillis(100));

        assertThat(peer.lines()).containsExactly("error_auth");
        assertThat(peer.closed).isTrue();
        assertThat(stats()).contains("\"locks\":[]");
    }

    @Test
    void a_reset_of_the_server_cuts_the_pause_short() {
        send(session, "l\na\n0\n");

        driver.reset();

        assertThat(peer.closed).isTrue();
        driver.advance(Duration.ofSeconds(1));
        TestWire next = new TestWire();
        send(driver.accept(next), "l\na\n0\n");
        assertThat(next.lines()).as("the secret stays").containsExactly("error_auth");
    }

    @Test
    void an_overlong_line_cut_off_by_the_end_of_the_stream_is_not_let_in() {
        send(session, "x".repeat(300));
        session.endOfStream();

        driver.advance(Duration.ofMillis(100));

        assertThat(peer.lines()).containsExactly("error_auth");
        assertThat(peer.closed).isTrue();
    }

    @Test
    void a_client_that_leaves_before_it_is_let_in_gets_no_answer() {
        send(session, "auth\n\ns3c");
        session.endOfStream();

        assertThat(peer.lines()).isEmpty();
        assertThat(peer.closed).isTrue();
    }

    @Test
    void a_pause_with_a_stuck_reply_ends_all_the_same() {
        peer.clogged = true;
        send(session, "auth\n\nwrong\n");

        driver.advance(Duration.ofMillis(100));
        assertThat(peer.closed).isTrue();
        driver.advance(Duration.ofSeconds(5));

        assertThat(peer.reset).isTrue();
    }

    @Test
    void faults_strike_an_auth_like_any_request_and_do_not_see_the_secret() {
        driver.faults()
                .on(Trigger.anyCommand())
                .at(Phase.BEFORE_APPLY)
                .then(Effect.latency(Duration.ofMillis(30)))
                .times(2);

        send(session, "auth\n\ns3cret\nl\na\n0\n");
        assertThat(peer.lines()).isEmpty();
        driver.advance(Duration.ofMillis(30));
        assertThat(peer.lines()).containsExactly("ok");
        driver.advance(Duration.ofMillis(30));

        assertThat(peer.lines()).hasSize(2).last().asString().matches(GRANT);
        assertThat(faults).hasSize(2).first().asString().contains("***").doesNotContain("s3cret");
    }

    @Test
    void a_delayed_refusal_has_its_pause_behind_the_delay() {
        driver.faults()
                .on(Trigger.acquire("a"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.latency(Duration.ofMillis(30)));

        send(session, "l\na\n0\n");
        assertThat(peer.lines()).isEmpty();
        driver.advance(Duration.ofMillis(30));
        assertThat(peer.lines()).containsExactly("error_auth");
        driver.advance(Duration.ofMillis(99));
        assertThat(peer.closed).isFalse();
        driver.advance(Duration.ofMillis(1));

        assertThat(peer.closed).isTrue();
    }

    /** The largest that V2 takes comes in several reads; the first of them must not look like requests sent ahead. */
    @Test
    void a_long_secret_is_heard_to_its_end() {
        String secret = "s".repeat(65_536);
        EngineDriver v2 = new EngineDriver(
                FakeOptions.defaults().withManualClock().withProfile(Profile.V2).withAuthToken(secret),
                new ManualTime());
        Session authenticating = v2.accept(peer);

        send(authenticating, "auth\n\n" + secret.substring(0, 16_000));
        assertThat(peer.paused).isFalse();
        send(authenticating, secret.substring(16_000) + '\n');

        assertThat(peer.lines()).containsExactly("ok");
    }

    private String stats() {
        TestWire wire = new TestWire();
        send(driver.accept(wire), "auth\n\ns3cret\nstats\n\n\n");
        assertThat(wire.lines()).hasSize(2).startsWith("ok");
        return wire.lines().get(1);
    }

    private static void send(Session to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.received(bytes, 0, bytes.length);
    }
}

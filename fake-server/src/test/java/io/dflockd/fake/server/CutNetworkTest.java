package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A network that is cut while a reply is stuck. */
class CutNetworkTest {

    private final EngineDriver driver = new EngineDriver(FakeOptions.defaults().withManualClock(), new ManualTime());
    private final TestWire peer = new TestWire();
    private final Session session = driver.accept(peer);

    @Test
    void what_is_stuck_stays_stuck_and_the_write_timeout_is_heard_when_it_heals() {
        peer.clogged = true;
        send("l\na\n0\n");
        driver.tampering().partition(true);
        peer.clogged = false;
        session.writable();
        assertThat(peer.congested).as("not flushed").isTrue();
        assertThat(peer.writesPaused).isTrue();

        driver.advance(Duration.ofSeconds(5));
        assertThat(driver.sessions().size()).isZero();
        assertThat(peer.reset).isFalse();
        driver.tampering().partition(false);

        assertThat(peer.writesPaused).isFalse();
        assertThat(peer.reset).isTrue();
    }

    @Test
    void what_is_stuck_goes_on_if_it_heals_in_time() {
        peer.clogged = true;
        send("l\na\n0\nl\nb\n0\n");
        driver.tampering().partition(true);
        driver.advance(Duration.ofSeconds(4));
        driver.tampering().partition(false);
        peer.clogged = false;

        session.writable();

        assertThat(peer.lines()).hasSize(2);
    }

    private void send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        session.received(bytes, 0, bytes.length);
    }
}

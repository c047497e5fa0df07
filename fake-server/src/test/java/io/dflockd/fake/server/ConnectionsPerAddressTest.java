package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import org.junit.jupiter.api.Test;

/** {@code --max-connections-per-ip} counts each address by itself: a transcript has one only. */
class ConnectionsPerAddressTest {

    private final EngineDriver driver = new EngineDriver(
            FakeOptions.defaults()
                    .withManualClock()
                    .withProfile(Profile.V2)
                    .withMaxConnections(3)
                    .withMaxConnectionsPerIp(2),
            new ManualTime());

    @Test
    void one_too_many_of_an_address_is_closed_without_a_byte_and_others_are_let_in() {
        assertThat(open("192.0.2.1").closed).isFalse();
        assertThat(open("192.0.2.1").closed).isFalse();

        TestWire third = open("192.0.2.1");

        assertThat(third.closed).isTrue();
        assertThat(third.lines()).isEmpty();
        assertThat(open("192.0.2.2").closed).isFalse();
    }

    @Test
    void who_has_gone_does_not_count() {
        open("192.0.2.1");
        Session second = driver.accept(wire("192.0.2.1"));

        second.endOfStream();

        assertThat(open("192.0.2.1").closed).isFalse();
    }

    @Test
    void the_limit_of_all_connections_counts_as_well() {
        open("192.0.2.1");
        open("192.0.2.2");
        open("192.0.2.3");

        assertThat(open("192.0.2.4").closed).isTrue();
    }

    private TestWire open(String peer) {
        TestWire wire = wire(peer);
        driver.accept(wire);
        return wire;
    }

    private static TestWire wire(String peer) {
        TestWire wire = new TestWire();
        wire.peer = peer;
        return wire;
    }
}

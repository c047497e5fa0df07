package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.Session;
import java.nio.charset.StandardCharsets;

/** Somebody who acquires and releases a lock that nobody else wants, and comes again after a read timeout. */
final class GoodPeer {

    private final EngineDriver driver;
    private final FakeOptions options;
    private FuzzWire wire = new FuzzWire();
    private Session session;

    GoodPeer(EngineDriver driver, FakeOptions options) {
        this.driver = driver;
        this.options = options;
        session = driver.accept(wire);
        authenticate();
    }

    private void connect() {
        wire = new FuzzWire();
        session = driver.accept(wire);
        authenticate();
    }

    private void authenticate() {
        if (options.authToken().isPresent()) {
            assertThat(ask("auth\n_\nsecret\n")).isEqualTo("ok\n");
        }
    }

    void exchange() {
        if (wire.isOver()) {
            connect();
        }
        String grant = ask("l\ngood\n0 1000\n");
        assertThat(grant).matches("ok [0-9a-f]{32} 1000\n");
        assertThat(ask("r\ngood\n" + grant.substring(3, 35) + "\n")).isEqualTo("ok\n");
    }

    private String ask(String request) {
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        session.received(bytes, 0, bytes.length);
        return wire.take();
    }

    void leave() {
        session.endOfStream();
    }

    /** After everybody has left: by {@code stats}, or on V0 by asking for each key. */
    void seesNothingHeld() {
        connect();
        if (options.profile().hasStats()) {
            assertThat(ask("stats\n_\n_\n"))
                    .contains("\"connections\":1,", "\"locks\":[]", "\"semaphores\":[]")
                    .contains("\"idle_locks\":[]", "\"idle_semaphores\":[]");
        } else {
            assertThat(ask("l\na\n0\nl\nb\n0\nl\nc\n0\n")).matches("(ok [0-9a-f]{32} 33\n){3}");
        }
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.ON_TLS_HANDSHAKE;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that end or hang in their TLS handshake. */
@Timeout(60)
class TlsFaultTest {

    private final FakeDflockdServer server = FakeDflockdServer.start(
            FakeOptions.defaults().withTls().withManualClock().withReadTimeout(Duration.ofSeconds(23)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    @Shows(effect = Effect.Close.class, at = Point.ON_TLS_HANDSHAKE)
    void a_close_in_the_handshake_fails_it() throws IOException {
        server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(close());

        assertThatThrownBy(this::connect).isInstanceOf(SSLException.class);
        assertThatTheNextIsServed();
    }

    @Test
    @Shows(effect = Effect.Reset.class, at = Point.ON_TLS_HANDSHAKE)
    void a_reset_in_the_handshake_fails_it() throws IOException {
        server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(reset());

        assertThatThrownBy(this::connect).isInstanceOfAny(SSLException.class, SocketException.class);
        assertThatTheNextIsServed();
    }

    @Test
    @Shows(effect = Effect.Stall.class, at = Point.ON_TLS_HANDSHAKE)
    void a_stall_in_the_handshake_lasts_until_the_read_timeout() throws Exception {
        FaultHandle fault = server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(stall());
        CompletableFuture<RawClient> connecting = CompletableFuture.supplyAsync(() -> {
            try {
                return connect();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(fault.awaitFired(Stage.LIMIT)).isTrue();
        fault.release();
        server.clock().advance(Duration.ofMillis(22_999));
        assertThatTheNextIsServed();
        assertThat(connecting).isNotDone();

        server.clock().advance(Duration.ofMillis(1));

        assertThatThrownBy(() -> connecting.get(10, TimeUnit.SECONDS)).hasRootCauseInstanceOf(IOException.class);
    }

    private RawClient connect() throws IOException {
        return RawClient.secure(server.host(), server.port(), server.clientSslContext());
    }

    private void assertThatTheNextIsServed() throws IOException {
        try (RawClient client = connect()) {
            assertThat(client.ask("l", "orders", "0")).matches(Stage.GRANT);
        }
    }
}

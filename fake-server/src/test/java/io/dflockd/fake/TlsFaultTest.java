package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.ON_TLS_HANDSHAKE;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.TlsEffect;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handshakes under faults, as a Java client sees them that checks certificate and host name; the connection after it is served. */
@Timeout(60)
class TlsFaultTest {

    private final FakeDflockdServer server = FakeDflockdServer.start(
            FakeOptions.defaults().withTls().withManualClock().withReadTimeout(ofSeconds(23)));

    @AfterEach
    void stop() {
        server.close();
    }

    private RawClient connect() throws IOException {
        return RawClient.secure("localhost", server.port(), server.clientSslContext());
    }

    private Throwable connectedUnder(Effect effect) throws IOException {
        FaultHandle fault = server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(effect);
        Throwable failure = catchThrowable(this::connect);
        assertThat(fault.fired()).isEqualTo(1);
        assertThat(server.unusedFaults()).isEmpty();
        try (RawClient next = connect()) {
            assertThat(next.token("orders")).hasSize(32);
        }
        return failure;
    }

    @Test
    @Shows(effect = TlsEffect.class, tls = TlsEffect.FAILED_HANDSHAKE, at = Point.ON_TLS_HANDSHAKE)
    void a_handshake_that_fails_ends_with_an_alert() throws IOException {
        assertThat(connectedUnder(TlsEffect.FAILED_HANDSHAKE))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("handshake_failure");
    }

    @Test
    @Shows(effect = TlsEffect.class, tls = TlsEffect.EXPIRED_CERTIFICATE, at = Point.ON_TLS_HANDSHAKE)
    void a_certificate_that_has_expired() throws IOException {
        assertThat(connectedUnder(TlsEffect.EXPIRED_CERTIFICATE))
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    @Shows(effect = TlsEffect.class, tls = TlsEffect.WRONG_HOST_NAME, at = Point.ON_TLS_HANDSHAKE)
    void a_certificate_for_another_host() throws IOException {
        assertThat(connectedUnder(TlsEffect.WRONG_HOST_NAME))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("subject alternative");
    }

    @Test
    @Shows(effect = TlsEffect.class, tls = TlsEffect.PLAIN_TEXT, at = Point.ON_TLS_HANDSHAKE)
    void plain_text_on_the_tls_port() throws IOException {
        assertThat(connectedUnder(TlsEffect.PLAIN_TEXT)).isInstanceOf(SSLException.class);
    }

    @Test
    void plain_text_is_the_line_of_a_server_that_understands_nothing_then_the_end() throws IOException {
        server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(TlsEffect.PLAIN_TEXT);
        try (Socket socket = new Socket(server.host(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(22);

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("error\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    @Shows(effect = Effect.Close.class, at = Point.ON_TLS_HANDSHAKE)
    void a_close_in_the_handshake() throws IOException {
        assertThat(connectedUnder(Effect.close()))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("terminated the handshake");
    }

    @Test
    @Shows(effect = Effect.Reset.class, at = Point.ON_TLS_HANDSHAKE)
    void a_reset_in_the_handshake() throws IOException {
        assertThat(connectedUnder(Effect.reset()))
                .isInstanceOfAny(SocketException.class, SSLException.class)
                .hasMessageContaining("reset");
    }

    @Test
    @Shows(effect = Effect.Stall.class, at = Point.ON_TLS_HANDSHAKE)
    void a_handshake_that_stalls_until_the_read_timeout_closes_it() throws IOException {
        FaultHandle fault = server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(Effect.stall());
        CompletableFuture<Throwable> stalled = CompletableFuture.supplyAsync(() -> catchThrowable(this::connect));
        assertThat(fault.awaitFired(ofSeconds(5))).isTrue();
        server.clock().advance(ofSeconds(22));
        try (RawClient next = connect()) {
            assertThat(next.token("orders")).hasSize(32);
        }
        assertThat(stalled).isNotDone();

        server.clock().advance(ofSeconds(1));

        assertThat(stalled.orTimeout(5, TimeUnit.SECONDS).join()).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void a_fault_is_for_the_connection_that_it_names() throws IOException {
        server.on(anyCommand().connection(2)).at(ON_TLS_HANDSHAKE).then(TlsEffect.FAILED_HANDSHAKE);

        try (RawClient first = connect()) {
            assertThatThrownBy(this::connect).isInstanceOf(SSLHandshakeException.class);
            assertThat(first.token("orders")).hasSize(32);
        }
    }

    @Test
    void replies_are_rewritten_below_the_encryption() throws IOException {
        try (RawClient client = connect()) {
            server.on(acquire()).at(AFTER_APPLY_BEFORE_REPLY).then(ReplyEffect.partialReply(2, Effect.close()));

            client.send("l", "orders", "0");

            assertThat(client.line()).isEqualTo("ok");
            assertThat(client.end()).isEqualTo(RawClient.END);
        }
    }
}

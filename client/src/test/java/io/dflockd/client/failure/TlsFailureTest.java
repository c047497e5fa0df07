package io.dflockd.client.failure;

import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.ON_TLS_HANDSHAKE;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Lease;
import io.dflockd.client.ProtocolException;
import io.dflockd.client.ScriptedServer;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.TlsEffect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS that fails. Each is a message that says what to look at, in time, and the next attempt is as good as new. */
@Timeout(60)
class TlsFailureTest {

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withTls());

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void certificate_for_another_host_is_refused() throws Exception {
        assertHandshakeFails(TlsEffect.WRONG_HOST_NAME, "127.0.0.1");
    }

    @Test
    void certificate_that_is_over_is_refused() throws Exception {
        assertHandshakeFails(TlsEffect.EXPIRED_CERTIFICATE, "CertificateExpired");
    }

    @Test
    void handshake_that_the_server_ends_is_a_connection_exception() throws Exception {
        assertHandshakeFails(TlsEffect.FAILED_HANDSHAKE, "TLS");
    }

    @Test
    void plain_text_in_place_of_a_handshake_is_a_connection_exception() throws Exception {
        assertHandshakeFails(TlsEffect.PLAIN_TEXT, "TLS");
    }

    @Test
    void certificate_of_somebody_unknown_is_refused() throws Exception {
        try (DflockdClient client = client(server, SSLContext.getDefault())) {
            assertFails(client, "TLS");
        }
        assertThat(server.journal().requests()).isEmpty();
    }

    @Test
    void tls_client_at_a_plain_port_says_so() throws Exception {
        try (FakeDflockdServer plain = FakeDflockdServer.start();
                DflockdClient client = client(plain, server.clientSslContext())) {
            assertFails(client, "TLS");
            Afterwards.nobodyHolds(plain);
        }
    }

    @Test
    void plain_client_at_a_tls_port_says_so() {
        try (DflockdClient client = DflockdClient.connect(server.address())) {
            assertFails(client, "TLS");
        }
    }

    @Test
    void plain_client_at_a_tls_port_that_ends_with_an_alert_or_without_a_word_says_so() {
        for (String bytes : new String[] {"\u0015\u0003\u0003\u0000\u0002\u0002\n", ""}) {
            try (ScriptedServer tls = new ScriptedServer(peer -> {
                        peer.read();
                        peer.send(bytes);
                    });
                    DflockdClient client = DflockdClient.connect(tls.address())) {
                assertFails(client, "TLS");
            }
        }
    }

    @Test
    void handshake_that_stalls_is_given_up_at_the_connect_timeout_or_by_an_interrupt() {
        FaultHandle stall = server.on(anyCommand())
                .at(ON_TLS_HANDSHAKE)
                .then(Effect.stall())
                .times(2);
        try (DflockdClient client = DflockdClient.builder()
                .servers(server.address())
                .tls(server.clientSslContext())
                .connectTimeout(ofMillis(300))
                .build()) {
            assertFails(client, "no answer in time");
        }
        try (DflockdClient client = client(server, server.clientSslContext())) {
            Background<Lease> acquiring =
                    Background.start(() -> client.lock("orders").acquire());
            await().until(() -> stall.fired() == 2);
            acquiring.interrupt();
            assertThat(acquiring.failure()).isInstanceOf(InterruptedException.class);
        }
        stall.release();
    }

    @Test
    void close_while_a_tls_write_is_blocked_returns_and_ends_the_write() throws Exception {
        FaultHandle stall = server.on(acquire()).at(BEFORE_APPLY).then(Effect.stall()); // it reads no more
        Transport transport = DflockdClientBuilder.systemRuntime(server.clientSslContext())
                .connect(ServerAddress.parse(server.address()), ofSeconds(20).toNanos());
        byte[] request = "l\norders\n0\n".getBytes(StandardCharsets.UTF_8);
        transport.write(request, 0, request.length);
        assertThat(stall.awaitFired(ofSeconds(20))).isTrue();
        AtomicLong written = new AtomicLong();
        byte[] bytes = new byte[1 << 16];
        Background<Object> writing = Background.start(() -> {
            while (true) {
                transport.write(bytes, 0, bytes.length);
                written.addAndGet(bytes.length);
            }
        });
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(ofMillis(200)).until(() -> before.getAndSet(written.get()) == written.get());
        assertThat(writing.isDone()).as("blocked after %s bytes", written).isFalse();

        Background<Boolean> closing = Background.start(() -> {
            transport.close();
            return true;
        });

        assertThat(closing.result()).isTrue();
        assertThat(writing.failure()).isInstanceOf(IOException.class);
        stall.release();
    }

    private void assertHandshakeFails(TlsEffect effect, String message) throws InterruptedException {
        FaultHandle fault = server.on(anyCommand()).at(ON_TLS_HANDSHAKE).then(effect);
        try (DflockdClient client = client(server, server.clientSslContext())) {
            assertFails(client, message);
            assertThat(fault.fired()).isEqualTo(1);
            assertThat(server.journal().requests()).isEmpty();
            Afterwards.serves(client, "orders");
        }
    }

    private static void assertFails(DflockdClient client, String message) {
        Background<Lease> acquiring =
                Background.start(() -> client.lock("orders").acquire());
        assertThat(acquiring.failure())
                .isInstanceOfAny(ConnectionException.class, ProtocolException.class)
                .hasMessageContaining("acquire 'orders' at 127.0.0.1:")
                .hasMessageContaining(message);
    }

    private static DflockdClient client(FakeDflockdServer server, SSLContext trust) {
        return DflockdClient.builder().servers(server.address()).tls(trust).build();
    }
}

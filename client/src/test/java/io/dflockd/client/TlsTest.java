package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same client over TLS: what works, and what must not. */
class TlsTest {

    @TempDir
    Path folder;

    @Test
    void locks_work_over_tls_and_connections_are_used_again() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                TlsFront front = new TlsFront(folder, server.address(), "ip:127.0.0.1");
                DflockdClient client = client(front.address(), front.trust())) {
            for (int i = 0; i < 20; i++) {
                try (Lease lease = client.lock("orders").acquire()) {
                    assertThat(lease.isHeld()).isTrue();
                    lease.renew();
                }
            }
            try (DflockdConnection plain = DflockdConnection.connect(server.address())) {
                assertThat(plain.stats()).contains("\"connections\":2");
            }
        }
    }

    @Test
    void a_certificate_for_another_host_is_refused() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                TlsFront front = new TlsFront(folder, server.address(), "dns:example.org");
                DflockdClient client = client(front.address(), front.trust())) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                TlsFront front = new TlsFront(folder, server.address(), "ip:127.0.0.1");
                DflockdClient client = client(front.address(), SSLContext.getDefault())) {
            assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void tls_to_a_plain_port_and_the_reverse_fail_in_time() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                TlsFront front = new TlsFront(folder, server.address(), "ip:127.0.0.1");
                DflockdClient tlsToPlain = DflockdClient.builder()
                        .servers(server.address())
                        .tls(front.trust())
                        .connectTimeout(Duration.ofMillis(500))
                        .build();
                DflockdClient plainToTls = DflockdClient.builder()
                        .servers(front.address())
                        .responseTimeout(Duration.ofMillis(500))
                        .acquireTimeout(Duration.ofMillis(500))
                        .build()) {
            assertThatThrownBy(() -> tlsToPlain.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
            assertThatThrownBy(() -> plainToTls.lock("orders").acquire()).isInstanceOf(DflockdException.class);
        }
    }

    @Test
    void an_interrupt_ends_a_wait_over_tls() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                TlsFront front = new TlsFront(folder, server.address(), "ip:127.0.0.1");
                DflockdClient client = client(front.address(), front.trust());
                DflockdConnection holder = DflockdConnection.connect(server.address())) {
            holder.acquire("orders", 0);
            Background<?> waiter = Background.start(() -> client.lock("orders").tryAcquire(Duration.ofSeconds(30)));
            await().atMost(Duration.ofSeconds(10)).until(() -> holder.stats().contains("\"waiters\":1"));

            waiter.interrupt();

            assertThat(waiter.failure()).isInstanceOf(InterruptedException.class);
        }
    }

    private static DflockdClient client(String address, SSLContext trust) {
        return DflockdClient.builder().servers(address).tls(trust).build();
    }
}

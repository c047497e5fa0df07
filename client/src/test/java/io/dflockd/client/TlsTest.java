package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    @Timeout(30)
    void a_peer_that_sends_its_handshake_byte_by_byte_is_given_up_in_time() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                DflockdClient client = DflockdClient.builder()
                        .servers("127.0.0.1:" + slow.getLocalPort())
                        .tls(SSLContext.getDefault())
                        .connectTimeout(Duration.ofMillis(500))
                        .build()) {
            ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
            try {
                Background<?> attempt =
                        Background.start(() -> client.lock("orders").acquire());
                OutputStream out = slow.accept().getOutputStream();
                out.write(new byte[] {22, 3, 3, 64, 0}); // the head of a record of 16 KiB
                ScheduledFuture<?> drops = drip.scheduleAtFixedRate(() -> sendOne(out), 0, 50, TimeUnit.MILLISECONDS);

                assertThat(attempt.failure())
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("no answer in time");
                drops.cancel(false);
            } finally {
                drip.shutdownNow();
            }
        }
    }

    private static void sendOne(OutputStream out) {
        try {
            out.write(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

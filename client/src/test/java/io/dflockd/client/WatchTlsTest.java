package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over TLS bytes may come that mean nothing: DESIGN section 4, rules 4 and 11. */
@Timeout(60)
class WatchTlsTest {

    @TempDir
    Path folder;

    private final LossLog log = new LossLog();
    private FakeDflockdServer server;
    private TlsFront front;
    private DflockdClient client;

    @BeforeEach
    void start() throws Exception {
        server = FakeDflockdServer.start();
        front = new TlsFront(folder, server.address(), "ip:127.0.0.1");
        client = DflockdClient.builder()
                .servers(front.address())
                .tls(front.trust())
                .serverReadTimeout(ofMinutes(10)) // so that no exchange of its own can be what notices
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        front.close();
        server.close();
    }

    @Test
    void rule_04_bytes_that_mean_nothing_lead_to_a_keepalive_and_the_lease_stays() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        log.listenTo(lease);
        for (int i = 1; i <= 5; i++) {
            int asked = server.journal().size();
            front.changeKeys();
            await().until(() -> server.journal().size() > asked);
        }
        lease.renew();
        assertThat(lease.release()).isTrue();
        assertThat(log.losses()).isEmpty();
        assertThat(client.lock("orders").acquire().release()).isTrue();
    }

    @Test
    void rule_04_place_in_the_queue_outlives_bytes_that_mean_nothing() throws Exception {
        Lease holder = client.lock("orders").withLease(ofSeconds(60)).acquire();
        Enqueued place = client.lock("orders").enqueue();
        for (int i = 0; i < 3; i++) {
            int asked = server.journal().size();
            front.changeKeys();
            await().until(() -> server.journal().size() >= asked + 2);
        }
        assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
        assertThat(holder.release()).isTrue();
        assertThat(place.await(ofSeconds(5)).map(Lease::release)).contains(true);
    }

    @Test
    void rule_04_connection_that_ends_with_a_word_of_tls_is_lost() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        log.listenTo(lease);
        int asked = server.journal().size();

        server.kick(server.state().held().get(0).connection()); // the front says good-bye

        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        assertThat(server.journal().size()).as("noticed without a question").isEqualTo(asked);
        assertThat(lease.release()).isFalse();
    }

    @Test
    void rule_04_connection_that_ends_without_a_word_of_tls_is_lost() throws Exception {
        try (FakeDflockdServer direct =
                        FakeDflockdServer.start(FakeOptions.defaults().withTls());
                DflockdClient other = DflockdClient.builder()
                        .servers(direct.address())
                        .tls(direct.clientSslContext())
                        .serverReadTimeout(ofMinutes(10))
                        .build()) {
            Lease lease = other.lock("orders").withLease(ofSeconds(60)).acquire();
            log.listenTo(lease);
            int asked = direct.journal().size();

            direct.kick(direct.state().held().get(0).connection());

            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(direct.journal().size()).as("noticed without a question").isEqualTo(asked);
        }
    }

    @Test
    void rule_04_unsolicited_line_over_tls_is_a_loss() throws Exception {
        CountDownLatch granted = new CountDownLatch(1);
        ScriptedServer.Script script = peer -> {
            peer.answerAsUsual();
            granted.await();
            peer.send("error\n");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(script);
                TlsFront other = new TlsFront(
                        Files.createDirectory(folder.resolve("other")), scripted.address(), "ip:127.0.0.1");
                DflockdClient mine = DflockdClient.builder()
                        .servers(other.address())
                        .tls(other.trust())
                        .serverReadTimeout(ofMinutes(10))
                        .build()) {
            Lease lease = mine.lock("orders").withLease(ofSeconds(60)).acquire();
            log.listenTo(lease);
            granted.countDown();

            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        }
    }
}

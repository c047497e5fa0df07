package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import java.nio.file.Path;
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
        lease.onLost(log);
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
        assertLostBy(() -> front.close());
    }

    @Test
    void rule_04_connection_that_ends_without_a_word_of_tls_is_lost() throws Exception {
        assertLostBy(() -> front.cut());
    }

    @Test
    void rule_04_unsolicited_line_over_tls_is_a_loss() throws Exception {
        assertLostBy(() -> server.kick(server.state().held().get(0).connection()));
    }

    private interface End {
        void come() throws Exception;
    }

    private void assertLostBy(End end) throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        lease.onLost(log);
        int asked = server.journal().size();

        end.come();

        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        assertThat(server.journal().size()).as("noticed without a question").isEqualTo(asked);
        assertThat(lease.release()).isFalse();
    }
}

package io.dflockd.client.failure;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LossLog;
import io.dflockd.client.RejectedException;
import io.dflockd.client.ScriptedServer;
import io.dflockd.client.SkewedRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that answers a renewal with less than was asked for. It is believed, and renewed in time all the same. */
@Timeout(60)
class ShorterLeaseTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();

    @Test
    void renewal_answered_with_a_shorter_lease_is_followed_by_one_before_that_ends() throws Exception {
        try (ScriptedServer server = granting("ok 3");
                DflockdClient client = client(server);
                Lease lease = runtime.promptly(client.lock("orders").withLease(ofSeconds(60)))) {
            log.listenTo(lease);

            await().atMost(ofSeconds(30))
                    .until(() -> server.peers().get(0).requests().size() > 3 || !lease.isHeld());

            assertThat(log.losses()).isEmpty();
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofSeconds(3));
        }
    }

    @Test
    void renewal_by_the_holder_answered_with_a_shorter_lease_is_followed_by_one_before_that_ends() throws Exception {
        try (ScriptedServer server = granting("ok 3");
                DflockdClient client = DflockdClient.builder()
                        .servers(server.address())
                        .runtime(runtime)
                        .build();
                Lease lease = runtime.promptly(client.lock("orders").withLease(ofSeconds(60)))) {
            log.listenTo(lease);
            assertThatThrownBy(() -> lease.ensure(ofSeconds(60)))
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("orders");
            lease.renew();

            await().atMost(ofSeconds(30))
                    .until(() -> server.peers().get(0).requests().size() > 3 || !lease.isHeld());

            assertThat(log.losses()).isEmpty();
        }
    }

    @Test
    void shorter_lease_without_renewal_ends_in_time_and_says_so() throws Exception {
        try (ScriptedServer server = granting("ok 1");
                DflockdClient client = DflockdClient.builder()
                        .servers(server.address())
                        .runtime(runtime)
                        .build();
                Lease lease = runtime.promptly(
                        client.lock("orders").withLease(ofMinutes(10)).withoutRenewal())) {
            log.listenTo(lease);
            lease.renew();

            await().atMost(ofSeconds(20)).until(() -> !log.losses().isEmpty()); // nobody asks whether it is held

            assertThat(log.reasons()).containsExactly(LeaseLost.Reason.EXPIRED);
            assertThat(server.peers().get(0).requests())
                    .as("before anything else was due")
                    .hasSize(2);
        }
    }

    private DflockdClient client(ScriptedServer server) {
        return DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .serverReadTimeout(ofSeconds(8)) // renewed after 3.5 s at the latest
                .build();
    }

    private static ScriptedServer granting(String renewed) {
        return new ScriptedServer(peer -> {
            peer.read();
            peer.send("ok " + TOKEN + " 60\n");
            while (peer.read() != null) {
                peer.send(renewed + "\n");
            }
        });
    }
}

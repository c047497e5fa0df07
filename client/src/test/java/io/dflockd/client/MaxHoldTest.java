package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.EXPIRED;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@link DistributedLock#withMaxHold}: nobody keeps a lock for ever because his work hangs. */
@Timeout(60)
class MaxHoldTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();

    @Test
    void lease_ends_after_the_longest_hold_though_it_was_renewed_and_its_slot_is_free() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient client = clientOf(server.address());
                Lease lease = runtime.promptly(client.lock("orders")
                        .withLease(ofSeconds(60))
                        .withRenewRatio(0.001)
                        .withMaxHold(ofMillis(1500)))) {
            log.listenTo(lease);
            await().until(() -> server.peers().get(0).requests().size() >= 4);
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofMillis(1500));
            assertThat(lease.ttl()).isEqualTo(ofSeconds(60));

            await().until(() -> server.peers().get(0).ended());

            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(EXPIRED);
            assertThat(lease.isHeld()).isFalse();
            assertThat(lease.release()).isFalse();
            assertThat(server.peers().get(0).requests().subList(1, 4))
                    .as("the lease on the wire stays as it was")
                    .containsOnly("n|orders|" + ScriptedServer.TOKEN + " 60");
        }
    }

    @Test
    void renewal_by_hand_does_not_go_beyond_the_longest_hold() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = clientOf(server.address());
                Lease lease = client.lock("orders")
                        .withLease(ofSeconds(60))
                        .withMaxHold(ofSeconds(20))
                        .acquire()) {
            runtime.jump(ofSeconds(15));
            lease.renew();
            lease.ensure(ofMillis(100));
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofSeconds(5));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> lease.ensure(ofSeconds(6)))
                    .withMessageContaining("orders")
                    .withMessageContaining("PT6S");
            runtime.jump(ofSeconds(5));
            assertThat(lease.isHeld()).isFalse();
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            assertThatThrownBy(() -> lease.ensure(ofSeconds(6))).isInstanceOf(LeaseLostException.class);
            assertThat(client.lock("orders").tryAcquire(ofSeconds(10)).map(Lease::release))
                    .contains(true);
        }
    }

    @Test
    void lease_that_is_shorter_than_the_longest_hold_lives_as_long_as_it_is_renewed() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = DflockdClient.builder()
                        .servers(server.address())
                        .runtime(runtime)
                        .serverReadTimeout(Duration.ofHours(1))
                        .build();
                Lease lease = client.lock("orders")
                        .withLease(ofSeconds(1000))
                        .withMaxHold(Duration.ofDays(1_000_000))
                        .acquire()) {
            assertThat(lease.remaining()).isBetween(ofSeconds(800), ofSeconds(1000));
            runtime.jump(ofMinutes(15));
            lease.renew();
            assertThat(lease.remaining()).isBetween(ofSeconds(800), ofSeconds(1000));
        }
    }

    @Test
    void the_longest_hold_must_be_more_than_zero() {
        try (DflockdClient client = DflockdClient.connect("127.0.0.1:1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.lock("orders").withMaxHold(Duration.ZERO))
                    .withMessageContaining("longest hold");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> client.lock("orders").withMaxHold(ofSeconds(-1)));
        }
    }

    private DflockdClient clientOf(String address) {
        return DflockdClient.builder().servers(address).runtime(runtime).build();
    }
}

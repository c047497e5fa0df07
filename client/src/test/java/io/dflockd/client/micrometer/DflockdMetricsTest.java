package io.dflockd.client.micrometer;

import static java.time.Duration.ofMillis;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.fake.FakeDflockdServer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters of a client: DESIGN section 4, rule 15. */
@Timeout(60)
class DflockdMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start();
        client = client(DflockdMetrics.of(registry));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void rule_15_acquires_are_timed_by_outcome() throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            assertThat(client.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
            assertThat(lease.isHeld()).isTrue();
        }
        server.close();
        assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
        assertThat(timed("dflockd.acquire", "outcome", "acquired")).isEqualTo(1);
        assertThat(timed("dflockd.acquire", "outcome", "timeout")).isEqualTo(1);
        assertThat(timed("dflockd.acquire", "outcome", "failed")).isEqualTo(1);
        assertThat(registry.get("dflockd.acquire")
                        .tag("outcome", "timeout")
                        .timer()
                        .totalTime(MILLISECONDS))
                .isGreaterThanOrEqualTo(50);
    }

    @Test
    void rule_15_held_leases_and_their_ends_are_counted() throws Exception {
        Lease released = client.lock("one").acquire();
        Lease lost = client.lock("two").acquire();
        assertThat(gauge("dflockd.leases.held")).isEqualTo(2);
        assertThat(gauge("dflockd.connections")).isEqualTo(2);
        released.renew();
        released.release();
        server.expireLease("two");
        assertThatThrownBy(lost::renew).isInstanceOf(LeaseLostException.class);

        await().until(() -> gauge("dflockd.leases.held") == 0);
        assertThat(timed("dflockd.hold", "end", "released")).isEqualTo(1);
        assertThat(timed("dflockd.hold", "end", "lost")).isEqualTo(1);
        assertThat(registry.get("dflockd.renew").timer().count()).isGreaterThanOrEqualTo(1);
        assertThat(registry.get("dflockd.renew.failed").counter().count()).isEqualTo(1);
        assertThat(registry.get("dflockd.lost")
                        .tag("reason", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);
        client.close();
        assertThat(gauge("dflockd.connections")).isZero();
    }

    @Test
    void rule_15_keys_are_a_tag_only_when_that_is_said() throws Exception {
        client.lock("orders").acquire().close();
        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getTag("server"))
                .containsOnly(server.address());
        assertThat(registry.getMeters()).extracting(DflockdMetricsTest::key).containsOnlyNulls();
        try (DflockdClient tagged = client(DflockdMetrics.of(registry).withKeyTag())) {
            tagged.lock("orders").acquire().close();
        }
        assertThat(registry.get("dflockd.hold").tag("key", "orders").timer().count())
                .isEqualTo(1);
    }

    @Test
    @SuppressWarnings("NullAway")
    void the_registry_must_be_there() {
        assertThatNullPointerException()
                .isThrownBy(() -> DflockdMetrics.of(null))
                .withMessageContaining("registry");
    }

    private static @Nullable String key(Meter meter) {
        return meter.getId().getTag("key");
    }

    private long timed(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).timer().count();
    }

    private double gauge(String name) {
        return registry.get(name).tag("server", server.address()).gauge().value();
    }

    private DflockdClient client(DflockdMetrics metrics) {
        return DflockdClient.builder()
                .servers(server.address())
                .listener(metrics)
                .build();
    }
}

package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Locks, semaphores and places as a user meets them. */
class DflockdClientTest {

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final DflockdClient client = DflockdClient.connect(server.address());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void lock_is_held_until_released_and_then_free_for_others() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(7)).acquire();

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.key()).isEqualTo("orders");
        assertThat(lease.token()).matches("[0-9a-f]{32}");
        assertThat(lease.ttl()).isEqualTo(ofSeconds(7));
        assertThat(lease.remaining()).isPositive().isLessThanOrEqualTo(ofSeconds(7));
        assertThat(client.lock("orders").tryAcquire(Duration.ZERO)).isEmpty();

        assertThat(lease.release()).isTrue();

        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(lease.release()).as("a second release").isFalse();
        try (Lease next = client.lock("orders").tryAcquire(Duration.ZERO).orElseThrow()) {
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void default_lease_is_the_servers() throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            assertThat(lease.ttl()).isEqualTo(ofSeconds(33));
        }
    }

    @Test
    void semaphore_grants_as_many_slots_as_its_limit() throws Exception {
        DistributedLock gpu = client.semaphore("gpu", 2);
        try (Lease first = gpu.acquire();
                Lease second = gpu.acquire()) {
            assertThat(gpu.tryAcquire(ofMillis(20))).isEmpty();
            assertThat(first.release()).isTrue();
            try (Lease third = gpu.acquire()) {
                assertThat(third.isHeld()).isTrue();
                assertThat(second.isHeld()).isTrue();
            }
        }
    }

    @Test
    void another_limit_is_rejected_with_its_status() throws Exception {
        try (Lease lease = client.semaphore("gpu", 2).acquire()) {
            assertThatThrownBy(() -> client.semaphore("gpu", 3).acquire())
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.status()).isEqualTo("error_limit_mismatch"))
                    .hasMessageContaining("gpu")
                    .hasMessageContaining(server.address())
                    .hasMessageContaining("acquire");
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void acquire_times_out_with_an_exception_that_says_what_where_and_how_long() throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            assertThatThrownBy(() -> client.lock("orders")
                            .withAcquireTimeout(ofMillis(30))
                            .acquire())
                    .isInstanceOf(AcquireTimeoutException.class)
                    .hasMessageContaining("acquire 'orders' at " + server.address())
                    .hasMessageContaining("after 0.0")
                    .hasMessageNotContaining(lease.token());
        }
    }

    @Test
    void place_on_a_free_key_is_acquired_at_once() throws Exception {
        Enqueued place = client.lock("orders").enqueue();
        assertThat(place.status()).isEqualTo(Enqueued.Status.ACQUIRED);
        Lease lease = place.await(Duration.ZERO).orElseThrow();
        assertThatIllegalStateException().isThrownBy(() -> place.await(Duration.ZERO));
        place.close();
        assertThat(lease.isHeld()).as("closing the place after the await").isTrue();
        assertThat(lease.release()).isTrue();
    }

    @Test
    void acquired_place_that_was_given_up_is_lost() throws Exception {
        Enqueued place = client.lock("orders").enqueue();
        place.close();
        assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        assertThat(place.await(Duration.ZERO)).isEmpty();
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void acquired_place_is_awaited_once_also_when_its_lease_is_over() throws Exception {
        Enqueued place = client.lock("orders").enqueue();
        place.await(Duration.ZERO).orElseThrow().close();
        assertThat(place.status()).isEqualTo(Enqueued.Status.ACQUIRED);
        assertThatIllegalStateException().isThrownBy(() -> place.await(Duration.ZERO));
    }

    @Test
    void place_in_the_queue_becomes_a_lease_when_its_turn_comes() throws Exception {
        Lease holder = client.lock("orders").acquire();
        try (Enqueued place = client.lock("orders").enqueue()) {
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
            assertThat(holder.release()).isTrue();
            try (Lease lease = place.await(ofSeconds(5)).orElseThrow()) {
                assertThat(lease.isHeld()).isTrue();
                assertThat(place.status()).isEqualTo(Enqueued.Status.ACQUIRED);
            }
        }
    }

    @Test
    void place_is_lost_when_its_turn_does_not_come_in_time() throws Exception {
        try (Lease holder = client.semaphore("gpu", 1).acquire();
                Enqueued place = client.semaphore("gpu", 1).enqueue()) {
            assertThat(place.await(ofMillis(20))).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(place.await(ofSeconds(5))).as("a second await").isEmpty();
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void closed_places_hold_nothing() throws Exception {
        client.lock("orders").enqueue().close();
        try (Lease holder = client.lock("orders").acquire()) {
            client.lock("orders").enqueue().close();
            assertThat(holder.release()).isTrue();
        }
        client.lock("orders").acquire().close();
    }

    @Test
    void nobody_listening_is_a_connection_exception() {
        String address = server.address();
        server.close();
        assertThatThrownBy(() -> client.lock("orders").acquire())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(address)
                .hasMessageContaining("orders");
    }

    @Test
    void closed_client_refuses_work_and_closes_twice() {
        client.close();
        client.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> client.lock("orders").acquire())
                .withMessageContaining("closed");
    }

    @Test
    void senseless_settings_are_refused_before_anything_is_sent() {
        DistributedLock lock = client.lock("orders");
        assertThatIllegalArgumentException().isThrownBy(() -> client.semaphore("gpu", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> lock.withLease(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> lock.withRenewRatio(1));
        assertThatIllegalArgumentException().isThrownBy(() -> lock.withRenewRatio(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> lock.withAcquireTimeout(ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> lock.tryAcquire(ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> DflockdClient.connect());
        assertThatIllegalArgumentException().isThrownBy(() -> DflockdClient.connect("::1"));
    }
}

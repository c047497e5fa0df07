package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.Reply;
import io.dflockd.client.ServerStats;
import io.dflockd.client.ServerStats.LockStats;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * What every dflockd does, seen through the client only: the same tests on whatever back end is configured. {@link BackEndsTest} runs them on each; by
 * {@code -Ddflockd.backend=external:HOST:PORT} they run on any server. Times are real, so leases are of one second, and nothing is said about when.
 */
@WithDflockd
class ContractTest {

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofSeconds(1);

    private static DistributedLock orders(DflockdClient client) {
        return client.lock("contract-orders");
    }

    @Test
    void a_lock_excludes_and_a_release_lets_the_next_in(DflockdClient client) throws Exception {
        try (Lease first = orders(client).acquire()) {
            assertThat(orders(client).tryAcquire(AT_ONCE)).isEmpty();
            assertThat(first.release()).isTrue();
        }
        try (Lease second = orders(client).tryAcquire(AT_ONCE).orElseThrow()) {
            assertThat(second.isHeld()).isTrue();
        }
    }

    @Test
    void other_keys_are_other_locks(DflockdClient client) throws Exception {
        try (Lease one = orders(client).acquire();
                Lease other = client.lock("contract-bills").tryAcquire(AT_ONCE).orElseThrow()) {
            assertThat(one.isHeld()).isEqualTo(other.isHeld()).isTrue();
        }
    }

    @Test
    void the_queue_is_served_in_its_order(DflockdClient client) throws Exception {
        try (Lease holder = orders(client).acquire();
                Enqueued first = orders(client).enqueue();
                Enqueued second = orders(client).enqueue()) {
            assertThat(holder.release()).isTrue();

            try (Lease next = first.await(LONG).orElseThrow()) {
                assertThat(orders(client).tryAcquire(AT_ONCE)).as("a newcomer").isEmpty();
                assertThat(next.release()).isTrue();
            }
            try (Lease last = second.await(LONG).orElseThrow()) {
                assertThat(last.isHeld()).isTrue();
            }
        }
    }

    @Test
    void a_place_in_the_queue_is_taken_first_and_awaited_later(DflockdClient client) throws Exception {
        try (Enqueued granted = orders(client).enqueue();
                Enqueued queued = orders(client).enqueue()) {
            assertThat(granted.status()).isEqualTo(Enqueued.Status.ACQUIRED);
            assertThat(queued.status()).isEqualTo(Enqueued.Status.QUEUED);

            try (Lease lease = granted.await(LONG).orElseThrow()) {
                assertThat(lease.isHeld()).isTrue();
            }
            try (Lease lease = queued.await(LONG).orElseThrow()) {
                assertThat(lease.isHeld()).isTrue();
            }
        }
    }

    @Test
    void a_semaphore_has_as_many_slots_as_its_limit(DflockdClient client) throws Exception {
        DistributedLock seats = client.semaphore("contract-seats", 2);
        try (Lease one = seats.acquire();
                Lease two = seats.acquire()) {
            assertThat(seats.tryAcquire(AT_ONCE)).isEmpty();
            assertThat(one.release()).isTrue();
            try (Lease three = seats.tryAcquire(AT_ONCE).orElseThrow()) {
                assertThat(three.isHeld()).isEqualTo(two.isHeld()).isTrue();
            }
        }
    }

    @Test
    void a_lease_that_is_not_renewed_ends_and_its_holder_is_told(DflockdClient client) throws Exception {
        try (Lease first = orders(client).withLease(LEASE).withoutRenewal().acquire();
                Lease second = orders(client).tryAcquire(LONG).orElseThrow()) {
            assertThat(second.isHeld()).isTrue();
            assertThat(first.isHeld()).isFalse();
            assertThat(first.release()).as("it was no longer ours").isFalse();
        }
    }

    @Test
    void renewals_keep_a_lease_beyond_its_time(DflockdClient client) throws Exception {
        try (Lease lease = orders(client).withLease(LEASE).acquire()) {
            assertThat(orders(client).tryAcquire(LEASE.multipliedBy(3))).isEmpty();
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.release()).isTrue();
        }
    }

    @Test
    void a_renewal_by_token_restarts_the_lease_and_one_with_a_wrong_token_is_refused(DflockdServer server)
            throws Exception {
        try (DflockdConnection connection = DflockdConnection.connect(server.address())) {
            Reply.Granted grant = (Reply.Granted) connection.acquire("contract-orders", 0, 5);

            assertThat(connection.renew("contract-orders", grant.token(), 20)).isInstanceOf(Reply.Renewed.class);
            assertThat(connection.renew("contract-orders", "no-such-token", 20)).isInstanceOf(Reply.Refused.class);
            assertThat(connection.release("contract-orders", grant.token())).isInstanceOf(Reply.Released.class);
        }
    }

    @Test
    void a_release_goes_by_token_from_any_connection(DflockdServer server) throws Exception {
        try (DflockdConnection holder = DflockdConnection.connect(server.address());
                DflockdConnection other = DflockdConnection.connect(server.address())) {
            Reply.Granted grant = (Reply.Granted) holder.acquire("contract-orders", 0);

            assertThat(other.release("contract-orders", grant.token())).isInstanceOf(Reply.Released.class);
            assertThat(other.release("contract-orders", grant.token())).isInstanceOf(Reply.Refused.class);
            assertThat(holder.acquire("contract-orders", 0)).isInstanceOf(Reply.Granted.class);
        }
    }

    /** The second time finds what the first one left, unless somebody waits until the server has noticed. */
    @RepeatedTest(2)
    void what_a_closed_client_held_is_free_for_the_next_test(DflockdServer server) throws Exception {
        try (DflockdClient own = DflockdClient.connect(server.address())) {
            assertThat(orders(own).tryAcquire(AT_ONCE)).isPresent();
        }
    }

    @Test
    void stats_tell_who_holds_and_waits(DflockdClient client) throws Exception {
        client.ping();
        try (Lease lease = orders(client).acquire();
                Enqueued waiter = orders(client).enqueue()) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(waiter.status()).isEqualTo(Enqueued.Status.QUEUED);
            LockStats orders = orders(client.stats().get(0));
            assertThat(orders.ownerConnection()).isPositive();
            assertThat(orders.waiters()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(client.stats().get(0).locks())
                .noneMatch(lock -> lock.key().equals("contract-orders")));
    }

    private static LockStats orders(ServerStats stats) {
        return stats.locks().stream()
                .filter(lock -> lock.key().equals("contract-orders"))
                .findFirst()
                .orElseThrow();
    }
}

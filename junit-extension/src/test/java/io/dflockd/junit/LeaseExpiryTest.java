package io.dflockd.junit;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import org.junit.jupiter.api.Test;

/** What a holder and its successor see when a lease runs out under the holder's feet. */
@WithDflockd(manualClock = true)
class LeaseExpiryTest {

    @Test
    void expired_lease_goes_to_the_waiter_and_the_old_token_is_worth_nothing(
            FakeDflockdServer server, DflockdClient client) throws Exception {
        try (Lease first = client.lock("orders")
                        .withLease(ofSeconds(5))
                        .withoutRenewal()
                        .acquire();
                Enqueued second = client.lock("orders").enqueue()) {
            assertThat(second.status()).isEqualTo(Enqueued.Status.QUEUED);

            server.clock().advance(ofSeconds(6));

            try (Lease next = second.await(ofSeconds(1)).orElseThrow()) {
                assertThat(next.isHeld()).isTrue();
                assertThat(first.release()).as("the slot was no longer ours").isFalse();
            }
        }
    }
}

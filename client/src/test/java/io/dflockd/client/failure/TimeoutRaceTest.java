package io.dflockd.client.failure;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The caller's timeout and the grant at the same moment: whoever is first, nobody holds in the end (DESIGN rule 6). */
@Timeout(120)
class TimeoutRaceTest {

    private static final Duration PATIENCE = ofMillis(2);
    private static final long STEP = 20_000;

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final DflockdClient client = DflockdClient.connect(server.address());
    private final DistributedLock orders = client.lock("orders");

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void timeout_racing_the_grant_a_thousand_times_then_nobody_holds() throws Exception {
        race(1_000, () -> orders.tryAcquire(PATIENCE));
    }

    @Test
    void timeout_of_an_await_racing_the_grant_then_nobody_holds() throws Exception {
        race(300, () -> {
            try (Enqueued place = orders.enqueue()) {
                return place.await(PATIENCE);
            }
        });
    }

    /** Releases a little later after a grant, a little sooner after a timeout, so that it stays at the edge between the two. */
    private void race(int rounds, Callable<Optional<Lease>> call) throws Exception {
        long delay = PATIENCE.toNanos();
        int granted = 0;
        for (int i = 0; i < rounds; i++) {
            // If one stayed held, this would time out, long before its lease is over.
            Lease holder = orders.withAcquireTimeout(ofSeconds(20)).acquire();
            Background<Optional<Lease>> racing = Background.start(call);
            long until = System.nanoTime() + delay;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(holder.release()).isTrue();
            Optional<Lease> lease = racing.result();
            if (lease.isPresent()) {
                assertThat(lease.get().release()).isTrue();
                granted++;
                delay += STEP;
            } else {
                delay = Math.max(0, delay - STEP);
            }
        }
        assertThat(granted).as("each was first at times").isBetween(1, rounds - 1);
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }
}

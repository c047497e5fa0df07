package io.dflockd.client.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.DflockdClient;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;

/** What must be true when something has gone wrong, by the server's own truth. */
final class Afterwards {

    static final Duration LIMIT = Duration.ofSeconds(20);

    private Afterwards() {}

    /** Nobody holds anything or waits for anything on the server, and nothing was ever held twice. */
    static void nobodyHolds(FakeDflockdServer server, String... keys) {
        await().atMost(LIMIT).pollDelay(Duration.ZERO).untilAsserted(() -> assertThat(server.state())
                .as("who holds and waits")
                .matches(state -> state.isQuiet(), "is quiet"));
        for (String key : keys) {
            server.verify().neverHeldTwice(key);
        }
    }

    /** So many hold or wait. */
    static void awaitQueued(FakeDflockdServer server, int waiters) {
        await().atMost(LIMIT).pollDelay(Duration.ZERO).untilAsserted(() -> assertThat(
                        server.state().queued())
                .as("%s", server.state())
                .hasSize(waiters));
    }

    /** The client is as good as new. */
    static void serves(DflockdClient client, String key) throws InterruptedException {
        assertThat(client.lock(key).acquire().release())
                .as("'%s' is free, and the client works", key)
                .isTrue();
    }
}

package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CLIENT_CLOSED;
import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A lost connection is noticed although nobody reads: DESIGN section 4, rule 4, and what rule 11 says about watching. */
@Timeout(60)
class WatchRulesTest extends RulesStage {

    private static final String WATCH = "dflockd-watch";

    WatchRulesTest() {
        super(FakeOptions.defaults().withMaxLocks(5000));
    }

    @Test
    void rule_04_server_killed_while_held_is_noticed_long_before_a_renewal() throws Exception {
        Lease renewed = runtime.promptly(client.lock("renewed").withLease(ofSeconds(60)));
        Lease manual =
                runtime.promptly(client.lock("manual").withLease(ofSeconds(60)).withoutRenewal());
        List.of(renewed, manual).forEach(lease -> log.listenTo(lease));
        awaitWatching();

        server.close();

        await().until(() -> log.losses().size() == 2);
        assertThat(log.reasons()).containsOnly(CONNECTION_LOST);
        assertThat(renewed.isHeld()).isFalse();
        assertThat(manual.release()).isFalse();
        assertThat(server.journal().requests()).as("nothing but the acquires").hasSize(2);
    }

    @Test
    void rule_04_kicked_connection_is_lost_and_the_others_stay() throws Exception {
        Lease kicked = client.lock("kicked").acquire();
        log.listenTo(kicked);
        Lease other = client.lock("other").acquire();
        log.listenTo(other);
        awaitWatching();
        kicked.renew(); // after which it is watched again
        int asked = server.journal().size();

        server.kick(server.journal().requests().get(0).connection());

        await().until(() -> log.losses().size() == 1);
        assertThat(log.losses()).containsExactly(new LeaseLost("kicked", CONNECTION_LOST));
        assertThat(server.journal().size()).as("noticed without a question").isEqualTo(asked);
        assertThat(other.release()).isTrue();
    }

    @Test
    void rule_04_unsolicited_line_is_a_loss() throws Exception {
        assertLostBy(peer -> {
            peer.send("error\n");
            peer.hang();
        });
    }

    @Test
    void rule_04_unsolicited_line_and_end_of_stream_is_a_loss() throws Exception {
        assertLostBy(peer -> peer.send("error\n"));
    }

    @Test
    void rule_04_end_of_stream_is_a_loss() throws Exception {
        assertLostBy(peer -> {});
    }

    @Test
    void rule_04_reset_is_a_loss() throws Exception {
        assertLostBy(ScriptedServer.Peer::reset);
    }

    private void assertLostBy(ScriptedServer.Script end) throws Exception {
        CountDownLatch watched = new CountDownLatch(1);
        ScriptedServer.Script script = peer -> {
            peer.answer("ok " + TOKEN + " 50");
            watched.await();
            end.serve(peer);
        };
        try (ScriptedServer scripted = new ScriptedServer(script);
                DflockdClient other = clientOf(scripted.address())) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)));
            log.listenTo(lease);
            awaitWatching();
            watched.countDown();

            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(lease.isHeld()).isFalse();
            assertThat(scripted.peers().get(0).requests()).hasSize(1);
        }
    }

    @Test
    void rule_04_place_whose_connection_ends_is_lost_at_once() throws Exception {
        Lease holder = client.lock("orders").acquire();
        try (DflockdClient other = clientOf(server.address());
                Enqueued place = other.lock("orders").enqueue()) {
            awaitWatching();
            long connection = server.state().queued().get(0).connection();

            server.kick(connection);

            await().until(() -> place.status() == Enqueued.Status.LOST);
            assertThat(place.await(ofSeconds(1))).isEmpty();
            assertThat(holder.release()).isTrue();
        }
    }

    @Test
    void rule_04_lease_of_a_place_that_was_watched_is_watched_too() throws Exception {
        Lease holder = client.lock("orders").acquire();
        try (Enqueued place = client.lock("orders").enqueue()) {
            awaitWatching();
            assertThat(holder.release()).isTrue();
            Lease lease = place.await(ofSeconds(5)).orElseThrow();
            log.listenTo(lease);
            long asked = server.journal().requests().size();

            server.kick(server.state().held().get(0).connection());

            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(server.journal().requests()).hasSize((int) asked);
        }
    }

    @Test
    void rule_04_watched_lease_is_renewed_and_released_as_any_other_and_its_connection_used_again() throws Exception {
        for (int i = 0; i < 3; i++) {
            Lease lease = client.lock("orders").acquire();
            log.listenTo(lease);
            awaitWatching();
            for (int j = 0; j < 10; j++) {
                lease.renew();
            }
            assertThat(lease.release()).isTrue();
        }
        assertThat(runtime.connects()).isEqualTo(1);
        assertThat(log.losses()).isEmpty();
    }

    @Test
    void rule_11_short_leases_never_start_the_thread_and_the_first_long_one_does() throws Exception {
        runtime.freeze();
        for (int i = 0; i < 200; i++) {
            try (Lease lease = client.lock("orders").acquire()) {
                lease.renew();
            }
        }
        try (Lease lease = client.lock("orders").acquire()) {
            assertThat(runtime.threadNames()).noneMatch(name -> name.startsWith(WATCH));
            runtime.jump(ofMillis(100));
            awaitWatching();
            assertThat(lease.release()).isTrue();
        }
    }

    @Test
    void rule_11_one_thread_watches_a_thousand_leases_and_hears_of_them_all() throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Lease lease = client.lock("orders-" + i).withLease(ofSeconds(60)).acquire();
            log.listenTo(lease);
            leases.add(lease);
        }
        awaitWatching();
        for (int i = 0; i < 1000; i += 2) {
            assertThat(leases.get(i).release()).isTrue();
        }

        server.close();

        await().until(() -> log.losses().size() == 500);
        assertThat(log.reasons()).containsOnly(CONNECTION_LOST);
        assertThat(runtime.threadNames()).containsOnlyOnce(WATCH);
    }

    @Test
    void rule_11_thread_ends_when_there_is_nothing_to_watch_and_starts_again() throws Exception {
        try (Lease lease = client.lock("orders").acquire()) {
            awaitWatching();
            assertThat(lease.release()).isTrue();
        }
        await().atMost(ofSeconds(20)).until(() -> runtime.running(WATCH) == 0);
        assertThat(server.state().connections()).as("the idle one in the pool").hasSize(1);
        Lease lease = client.lock("orders").acquire();
        log.listenTo(lease);
        awaitWatching();
        server.close();
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
    }

    @Test
    void rule_11_closing_the_client_ends_the_thread_and_loses_what_is_watched_once() throws Exception {
        Lease lease = client.lock("orders").acquire();
        log.listenTo(lease);
        Enqueued place = client.lock("orders").enqueue();
        awaitWatching();

        client.close();

        assertThat(runtime.running()).isZero();
        assertThat(log.losses()).containsExactly(new LeaseLost("orders", CLIENT_CLOSED));
        assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        await().until(() -> server.state().connections().isEmpty());
    }

    private void awaitWatching() {
        await().until(() -> runtime.running(WATCH) > 0);
    }

    /** One that says nothing by itself for so long that no exchange of its own can be what notices. */
    @Override
    DflockdClientBuilder builder(String address) {
        return super.builder(address).defaultLease(ofSeconds(60)).serverReadTimeout(ofMinutes(10));
    }
}

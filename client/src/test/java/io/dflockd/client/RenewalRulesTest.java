package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How leases and places stay: DESIGN section 4, rules 3 and 9. */
@Timeout(60)
class RenewalRulesTest extends RulesStage {

    @Test
    void rule_03_lease_outlives_its_length_by_renewals_that_send_the_lease() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient client = clientOf(server.address());
                Lease lease = runtime.promptly(
                        client.lock("orders").withLease(ofSeconds(2)).withRenewRatio(0.1))) {
            await().atMost(ofSeconds(20))
                    .until(() -> server.peers().get(0).requests().size() > 12);
            assertThat(lease.isHeld()).isTrue();
            assertThat(server.peers().get(0).requests().subList(1, 12)).containsOnly("n|orders|" + TOKEN + " 2");
        }
    }

    @Test
    void rule_03_renewal_sends_the_default_lease_that_the_server_named() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient client = clientOf(server.address());
                Lease lease = runtime.promptly(client.semaphore("gpu", 3))) {
            lease.renew();
            assertThat(server.peers().get(0).requests()).startsWith("sl|gpu|10 3", "sn|gpu|" + TOKEN + " 33");
        }
    }

    @Test
    void rule_03_long_lease_is_renewed_before_the_server_closes_the_silent_connection() throws Exception {
        FakeOptions options = FakeOptions.defaults().withReadTimeout(ofSeconds(1));
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = builder(server.address())
                        .serverReadTimeout(ofSeconds(1))
                        .build();
                Lease renewed = client.lock("renewed").withLease(ofMinutes(10)).acquire();
                Lease kept = client.lock("kept")
                        .withLease(ofMinutes(10))
                        .withoutRenewal()
                        .acquire();
                Lease holder = client.lock("orders").withLease(ofMinutes(10)).acquire();
                Enqueued place = client.lock("orders").enqueue()) {
            long start = System.nanoTime();
            await().atMost(ofSeconds(20)).until(() -> System.nanoTime() - start > 3_000_000_000L);

            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
            assertThat(List.of(renewed.release(), kept.release(), holder.release()))
                    .containsOnly(true);
            assertThat(place.await(ofSeconds(5)).map(Lease::release)).contains(true);
        }
    }

    @Test
    void rule_03_lease_without_renewal_ends_in_time_and_says_so() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient client = clientOf(server.address())) {
            Lease lease = runtime.promptly(client.lock("orders")
                    .withLease(ofSeconds(1))
                    .withRenewRatio(0.1)
                    .withoutRenewal());
            log.listenTo(lease);
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(LeaseLost.Reason.EXPIRED);
            assertThat(lease.isHeld()).isFalse();
            assertThat(lease.release()).isFalse();
            assertThat(server.peers().get(0).requests())
                    .as("one confirmation at most, where the answer was slow")
                    .hasSizeLessThanOrEqualTo(2);
            await().until(() -> server.peers().get(0).ended());
        }
    }

    @Test
    void rule_03_renewal_that_fails_is_tried_again_until_the_deadline() throws Exception {
        ScriptedServer.Script moody = peer -> {
            peer.answer("ok " + TOKEN + " 4");
            peer.answer("error_busy");
            peer.answer("error_busy");
            peer.grantAll();
        };
        try (ScriptedServer server = new ScriptedServer(moody);
                DflockdClient client = clientOf(server.address());
                Lease lease = runtime.promptly(
                        client.lock("orders").withLease(ofSeconds(4)).withRenewRatio(0.25))) {
            await().atMost(ofSeconds(10))
                    .until(() -> server.peers().get(0).requests().size() >= 4);
            await().until(() -> lease.remaining().compareTo(ofMillis(3200)) > 0);
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void rule_03_renewal_that_always_fails_lets_the_lease_expire() throws Exception {
        ScriptedServer.Script refusing = peer -> {
            peer.answer("ok " + TOKEN + " 2");
            while (peer.read() != null) {
                peer.send("error_busy\n");
            }
        };
        try (ScriptedServer server = new ScriptedServer(refusing);
                DflockdClient client = clientOf(server.address())) {
            Lease lease = runtime.promptly(
                    client.lock("orders").withLease(ofSeconds(2)).withRenewRatio(0.1));
            log.listenTo(lease);
            assertThatThrownBy(lease::renew).isInstanceOf(RejectedException.class);
            assertThat(lease.isHeld()).isTrue();
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(LeaseLost.Reason.EXPIRED);
            assertThat(server.peers().get(0).requests().size()).isGreaterThan(2);
        }
    }

    @Test
    void rule_03_v0_answers_one_second_less_and_means_the_whole_lease() throws Exception {
        ScriptedServer.Script v0 = peer -> {
            peer.answer("ok " + TOKEN + " 7");
            peer.answer("ok 6");
            peer.answer("ok 5");
            peer.answer("ok 900");
            peer.hang();
        };
        try (ScriptedServer server = new ScriptedServer(v0);
                DflockdClient client =
                        builder(server.address()).responseTimeout(ofMillis(200)).build();
                Lease lease = runtime.promptly(
                        client.lock("orders").withLease(ofSeconds(7)).withRenewRatio(0.99))) {
            lease.renew();
            assertThat(lease.remaining()).isGreaterThan(ofSeconds(6));
            lease.renew();
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofSeconds(5));
            lease.renew();
            assertThat(lease.remaining()).isBetween(ofSeconds(6), ofSeconds(7));
        }
    }

    @Test
    void ensure_renews_only_when_it_must() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient client = clientOf(server.address());
                Lease lease = runtime.promptly(client.lock("orders").withLease(ofSeconds(60)))) {
            lease.ensure(ofSeconds(30));
            assertThat(server.peers().get(0).requests()).hasSize(1);
            runtime.jump(ofSeconds(6)); // less than a renewal in the background would wait
            lease.ensure(ofSeconds(55));
            assertThat(server.peers().get(0).requests()).hasSize(2);
            assertThat(lease.remaining()).isGreaterThan(ofSeconds(55));
            assertThatIllegalArgumentException().isThrownBy(() -> lease.ensure(ofSeconds(61)));
            assertThatIllegalArgumentException().isThrownBy(() -> lease.ensure(Duration.ZERO));
        }
    }

    @Test
    void rule_09_stalled_connections_do_not_delay_the_renewals_of_others() throws Exception {
        AtomicBoolean stall = new AtomicBoolean();
        ScriptedServer.Script stalled = peer -> {
            while (!stall.get()) {
                peer.answerAsUsual();
            }
            peer.hang();
        };
        ScriptedServer.Script[] scripts = new ScriptedServer.Script[9];
        Arrays.fill(scripts, stalled);
        scripts[8] = ScriptedServer.Peer::grantAll;
        try (ScriptedServer server = new ScriptedServer(scripts);
                DflockdClient client =
                        builder(server.address()).responseTimeout(ofSeconds(4)).build()) {
            for (int i = 0; i < 8; i++) {
                log.listenTo(client.lock("stalled-" + i)
                        .withLease(ofSeconds(30))
                        .withRenewRatio(0.02)
                        .acquire());
            }
            stall.set(true);
            List<Lease> healthy = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                healthy.add(client.lock("healthy-" + i).withLease(ofSeconds(4)).acquire());
            }
            await().atMost(ofSeconds(15)).until(() -> log.losses().size() == 8);
            await().atMost(ofSeconds(15)).until(() -> server.peers().subList(8, 28).stream()
                    .allMatch(peer -> peer.requests().size() >= 3));
            assertThat(healthy).allMatch(Lease::isHeld);
            assertThat(runtime.mostRunning()).isLessThanOrEqualTo(16 + 8);
        }
    }

    @Test
    void rule_09_two_hundred_leases_are_renewed_by_few_threads() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = clientOf(server.address())) {
            List<Lease> leases = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Lease lease = client.lock("key-" + i)
                        .withLease(ofSeconds(3))
                        .withRenewRatio(0.2)
                        .acquire();
                log.listenTo(lease);
                leases.add(lease);
            }
            long start = System.nanoTime();
            await().atMost(ofSeconds(20)).until(() -> System.nanoTime() - start > 4_500_000_000L);

            assertThat(log.losses()).isEmpty();
            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(runtime.mostRunning()).as("lane and watch").isLessThanOrEqualTo(16 + 1 + 1);
            assertThat(runtime.threadNames()).allMatch(name -> name.startsWith("dflockd-"));
            assertThat(leases).allMatch(Lease::release);
        }
        assertThat(runtime.running()).as("close joins the threads").isZero();
    }

    @Test
    void rule_09_threads_end_when_there_is_nothing_to_do() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = builder(server.address())
                        .serverReadTimeout(ofSeconds(1))
                        .build()) {
            client.lock("orders").withLease(ofSeconds(1)).acquire().close();
            await().atMost(ofSeconds(30)).until(() -> runtime.running() == 0);
            try (Lease lease = client.lock("orders").withLease(ofSeconds(2)).acquire()) {
                long start = System.nanoTime();
                await().until(() -> System.nanoTime() - start > 2_500_000_000L);
                assertThat(lease.isHeld()).as("and start again").isTrue();
            }
        }
    }

    @Test
    void place_is_kept_alive_by_renewals_that_are_refused() throws Exception {
        ScriptedServer.Script queueing = peer -> {
            peer.answer("queued");
            while (peer.read() != null) {
                peer.send("error\n");
            }
        };
        try (ScriptedServer server = new ScriptedServer(queueing);
                DflockdClient client = builder(server.address())
                        .serverReadTimeout(ofMillis(230))
                        .build();
                Enqueued place = client.lock("orders").enqueue()) {
            await().until(() -> server.peers().get(0).requests().size() > 4);
            assertThat(server.peers().get(0).requests()).startsWith("e|orders|", "n|orders|- 1");
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
            assertThat(place.await(ofSeconds(1))).isEmpty();
        }
    }

    @Test
    void await_confirms_what_it_got() throws Exception {
        ScriptedServer.Script queueing = peer -> {
            peer.answer("queued");
            peer.answer("ok " + TOKEN + " 9");
            peer.grantAll();
        };
        try (ScriptedServer server = new ScriptedServer(queueing);
                DflockdClient client = clientOf(server.address());
                Enqueued place = client.lock("orders").withLease(ofSeconds(9)).enqueue()) {
            Optional<Lease> lease = place.await(ofSeconds(3));
            assertThat(lease).isPresent();
            assertThat(server.peers().get(0).requests())
                    .containsExactly("e|orders|9", "w|orders|3", "n|orders|" + TOKEN + " 9");
            assertThat(lease.get().release()).isTrue();
        }
    }
}

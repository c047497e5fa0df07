package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How leases come about: DESIGN section 4, rules 1, 2, 6, 10 and 12. */
@Timeout(60)
class AcquireRulesTest extends RulesStage {

    @Test
    void rule_01_deadline_counts_from_the_send() throws Exception {
        ScriptedServer.Script slow = peer -> {
            for (String request = peer.read(); request != null; request = peer.read()) {
                if (request.startsWith("l|")) {
                    runtime.jump(ofMillis(50)); // while the answer is on its way
                }
                peer.sendUsual(request);
            }
        };
        try (ScriptedServer scripted = new ScriptedServer(slow);
                DflockdClient other = clientOf(scripted.address())) {
            await().untilAsserted(() -> {
                int before = scripted.peers().stream()
                        .mapToInt(peer -> peer.requests().size())
                        .sum();
                try (Lease lease = other.lock("orders").withLease(ofSeconds(5)).acquire()) {
                    assertThat(scripted.peers().get(0).requests())
                            .as("no confirmation, which would come if the machine was slow")
                            .hasSize(before + 1);
                    assertThat(lease.remaining()).isLessThanOrEqualTo(ofMillis(4950));
                }
            });
        }
    }

    @Test
    void rule_01_shorter_lease_than_asked_for_is_believed() throws Exception {
        try (ScriptedServer scripted = new ScriptedServer(peer -> {
                    peer.answer("ok " + TOKEN + " 2");
                    peer.grantAll();
                });
                DflockdClient other = clientOf(scripted.address());
                Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)))) {
            assertThat(lease.remaining()).isLessThanOrEqualTo(ofSeconds(2));
        }
    }

    @Test
    void rule_02_grant_after_a_wait_is_renewed_before_it_counts() throws Exception {
        ScriptedServer.Script afterWait = peer -> {
            peer.read();
            runtime.jump(ofSeconds(3));
            peer.send("ok " + TOKEN + " 2\n"); // counted from the request, this lease would be over
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(afterWait);
                DflockdClient other = clientOf(scripted.address());
                Lease lease = other.lock("orders").withLease(ofSeconds(2)).acquire()) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(scripted.peers().get(0).requests()).containsExactly("l|orders|10 2", "n|orders|" + TOKEN + " 2");
        }
    }

    @Test
    void rule_02_worthless_grant_is_dropped_and_the_acquire_goes_on() throws Exception {
        ScriptedServer.Script afterWait = peer -> {
            peer.read();
            runtime.jump(ofSeconds(3));
            peer.send("ok " + ScriptedServer.OTHER_TOKEN + " 2\n");
            peer.answer("error");
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(afterWait);
                DflockdClient other = clientOf(scripted.address());
                Lease lease = other.lock("orders").withLease(ofSeconds(2)).acquire()) {
            assertThat(lease.token()).isEqualTo(TOKEN);
            assertThat(scripted.peers().get(0).requests().get(2)).isEqualTo("l|orders|7 2");
        }
    }

    @Test
    void rule_02_grant_that_is_confirmed_for_no_time_is_dropped_and_the_acquire_goes_on() throws Exception {
        ScriptedServer.Script forNoTime = peer -> {
            peer.read();
            runtime.jump(ofSeconds(3));
            peer.send("ok " + ScriptedServer.OTHER_TOKEN + " 60\n");
            peer.answer("ok 0");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(forNoTime, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address());
                Lease lease = other.lock("orders").withLease(ofSeconds(60)).acquire()) {
            assertThat(lease.token()).isEqualTo(TOKEN);
            assertThat(lease.isHeld()).isTrue();
            await().until(() -> scripted.peers().get(0).ended());
        }
    }

    @Test
    void rule_02_unconfirmed_grant_at_the_deadline_is_nothing_and_the_connection_is_closed() throws Exception {
        ScriptedServer.Script silent = peer -> {
            peer.read();
            runtime.jump(ofMillis(200));
            peer.send("ok " + TOKEN + " 9\n");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(silent);
                DflockdClient other = clientOf(scripted.address())) {
            assertThat(other.lock("orders").tryAcquire(ofMillis(300))).isEmpty();
            await().until(() -> scripted.peers().get(0).ended());
        }
    }

    @Test
    void rule_06_caller_returns_at_its_deadline_and_the_connection_is_used_again() throws Exception {
        CountDownLatch callerLeft = new CountDownLatch(1);
        ScriptedServer.Script late = peer -> {
            peer.read();
            callerLeft.await();
            peer.send("timeout\n");
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(late, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            assertThat(other.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
            callerLeft.countDown();
            awaitUseOfFirstConnection(other, scripted);
            assertThat(scripted.peers().get(0).requests()).startsWith("l|orders|1");
        }
    }

    @Test
    void rule_06_grant_that_comes_after_the_caller_left_is_released() throws Exception {
        CountDownLatch callerLeft = new CountDownLatch(1);
        ScriptedServer.Script late = peer -> {
            peer.read();
            callerLeft.await();
            peer.send("ok " + TOKEN + " 33\n");
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(late, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            assertThat(other.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
            callerLeft.countDown();
            awaitUseOfFirstConnection(other, scripted);
            assertThat(scripted.peers().get(0).requests()).startsWith("l|orders|1", "r|orders|" + TOKEN);
        }
    }

    /** Two leases at once take both connections from the pool, once the first is there again. */
    private static void awaitUseOfFirstConnection(DflockdClient client, ScriptedServer scripted) {
        await().until(() -> {
            try (Lease one = client.lock("again").acquire();
                    Lease two = client.lock("and-again").acquire()) {
                assertThat(one.isHeld() && two.isHeld()).isTrue();
            }
            return scripted.peers().get(0).requests().stream().anyMatch(request -> request.contains("again"));
        });
    }

    @Test
    void rule_06_silent_server_costs_the_connection_and_not_more_than_the_timeout() throws Exception {
        try (ScriptedServer scripted = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdClient other = clientOf(scripted.address())) {
            assertThat(other.lock("orders").tryAcquire(ofMillis(50))).isEmpty();
            await().atMost(ofSeconds(10)).until(() -> scripted.peers().get(0).ended());
        }
    }

    @Test
    void rule_06_timeout_racing_the_grant_never_leaves_a_lock_held() throws Exception {
        for (int i = 0; i < 60; i++) {
            Lease holder = client.lock("orders").acquire();
            Background<Optional<Lease>> racing =
                    Background.start(() -> client.lock("orders").tryAcquire(ofMillis(10)));
            Background<Boolean> releasing = Background.start(() -> {
                long until = System.nanoTime() + 10_000_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                return holder.release();
            });
            assertThat(releasing.result()).isTrue();
            racing.result().ifPresent(lease -> assertThat(lease.release()).isTrue());
            assertThat(client.lock("orders").tryAcquire(ofSeconds(5)).map(Lease::release))
                    .contains(true);
        }
    }

    @Test
    void rule_06_interrupt_while_waiting_leaves_nothing_behind() throws Exception {
        Lease holder = client.lock("orders").acquire();
        Background<Lease> waiting = Background.start(
                () -> client.lock("orders").withAcquireTimeout(ofSeconds(50)).acquire());
        await().until(() -> waiters("orders") == 1);

        waiting.interrupt();

        assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
        assertThat(waiting.interruptedAfter()).isFalse();
        assertThat(holder.release()).isTrue();
        assertThat(client.lock("orders").tryAcquire(ofSeconds(5)).map(Lease::release))
                .contains(true);
    }

    @Test
    void rule_06_interrupted_thread_does_not_even_begin() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> client.lock("orders").enqueue()).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(runtime.connects()).isZero();
    }

    @Test
    void rule_06_interrupted_thread_renews_ensures_and_releases_without_losing_anything() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(9)).acquire();
        Lease other = client.lock("other").acquire();

        Thread.currentThread().interrupt();
        lease.renew();
        lease.ensure(ofSeconds(9));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isTrue();
        other.close();
        assertThat(Thread.interrupted()).as("flag restored").isTrue();

        client.lock("other").acquire().close();
        assertThat(runtime.connects()).isEqualTo(2);
    }

    @Test
    void rule_10_seconds_on_the_wire_are_whole_rounded_up_and_bounded() throws Exception {
        try (ScriptedServer scripted = new ScriptedServer(ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            Duration forEver = ofSeconds(Long.MAX_VALUE);
            DistributedLock lock = other.lock("orders").withoutRenewal();
            lock.withLease(ofMillis(1500))
                    .tryAcquire(Duration.ZERO)
                    .orElseThrow()
                    .close();
            lock.withLease(ofMillis(1)).tryAcquire(ofMillis(1001)).orElseThrow().close();
            Lease lease = lock.withLease(forEver).withAcquireTimeout(forEver).acquire();
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).isGreaterThan(Duration.ofDays(10_000));
            lease.close();
            other.semaphore("gpu", 4).withLease(ofSeconds(3)).acquire().close();
            assertThat(scripted.peers().get(0).requests())
                    .filteredOn(request -> !request.startsWith("r|") && !request.startsWith("sr|"))
                    .containsExactly("l|orders|0 2", "l|orders|2 1", "l|orders|1000000000 1000000000", "sl|gpu|10 4 3");
        }
    }

    @Test
    void rule_12_unknown_status_is_a_rejection_and_the_connection_stays() throws Exception {
        try (ScriptedServer scripted = new ScriptedServer(peer -> {
                    peer.answer("error_future some detail");
                    peer.grantAll();
                });
                DflockdClient other = clientOf(scripted.address())) {
            assertThatThrownBy(() -> other.lock("orders").acquire())
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.status()).isEqualTo("error_future"));
            other.lock("orders").acquire().close();
            assertThat(scripted.peers()).hasSize(1);
        }
    }

    @Test
    void rule_12_server_that_wants_a_secret_is_an_authentication_exception() {
        try (ScriptedServer scripted = new ScriptedServer(peer -> peer.answer("error_auth"));
                DflockdClient other = clientOf(scripted.address())) {
            assertThatThrownBy(() -> other.lock("orders").acquire()).isInstanceOf(AuthenticationException.class);
        }
    }

    private int waiters(String key) throws InterruptedException {
        try (DflockdConnection connection = DflockdConnection.connect(server.address())) {
            String stats = connection.stats();
            int at = stats.indexOf("\"key\":\"" + key + "\"");
            return at < 0 ? 0 : Integer.parseInt(stats.substring(at).replaceFirst("(?s).*?\"waiters\":(\\d+).*", "$1"));
        }
    }
}

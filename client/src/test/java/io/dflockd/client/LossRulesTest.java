package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static io.dflockd.client.LeaseLost.Reason.EXPIRED;
import static io.dflockd.client.LeaseLost.Reason.REFUSED;
import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How leases are lost, and how their holders hear of it: DESIGN section 4, rules 1, 3, 4, 5 and 7. */
@Timeout(60)
class LossRulesTest extends RulesStage {

    @Test
    void rule_05_pause_past_the_deadline_is_a_loss_before_anybody_sees_it_as_held() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(5)).acquire();
        log.listenTo(lease);
        runtime.jump(ofSeconds(5));
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.remaining()).isZero();
        assertThat(lease.release()).isFalse();
        assertThatThrownBy(lease::renew)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("EXPIRED")
                .hasMessageContaining("orders");
        assertThatThrownBy(() -> lease.ensure(ofSeconds(1))).isInstanceOf(LeaseLostException.class);
        await().until(() -> log.losses().size() == 1);
        assertThat(log.losses()).containsExactly(new LeaseLost("orders", EXPIRED));
    }

    @Test
    void rule_01_renewal_whose_answer_comes_after_the_deadline_revives_nothing() throws Exception {
        ScriptedServer.Script slow = peer -> {
            peer.answer("ok " + TOKEN + " 50");
            peer.read();
            runtime.jump(ofSeconds(30)); // past the first deadline, but not past what the answer would give
            peer.send("ok 50\n");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(slow);
                DflockdClient other = DflockdClient.builder()
                        .servers(scripted.address())
                        .runtime(runtime)
                        .responseTimeout(Duration.ofHours(1))
                        .serverReadTimeout(Duration.ofHours(1)) // it is the lease that ends
                        .build()) {
            Lease lease = runtime.promptly(
                    other.lock("orders").withLease(ofSeconds(50)).withoutRenewal());
            log.listenTo(lease);
            runtime.jump(ofSeconds(30));
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            assertThat(lease.isHeld()).isFalse();
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(EXPIRED);
        }
    }

    @Test
    void rule_07_what_nobody_asked_for_is_no_answer_to_a_renewal() throws Exception {
        CountDownLatch granted = new CountDownLatch(1);
        CountDownLatch disturbed = new CountDownLatch(1);
        ScriptedServer.Script noisy = peer -> {
            peer.answer("ok " + TOKEN + " 50");
            granted.await();
            peer.send("ok 50\n");
            disturbed.countDown();
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(noisy);
                DflockdClient other = clientOf(scripted.address())) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)));
            log.listenTo(lease);
            granted.countDown();
            disturbed.await();
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
            assertThat(scripted.peers().get(0).requests()).hasSize(1);
        }
    }

    @Test
    void rule_04_connection_lost_is_lock_lost_at_the_next_exchange() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(1)).acquire();
        log.listenTo(lease);
        server.close();
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        assertThat(lease.isHeld()).isFalse();
        assertThat(lease.release()).isFalse();
    }

    @Test
    void rule_04_holder_that_renews_itself_hears_of_the_lost_connection() throws Exception {
        Lease lease = client.lock("orders").acquire();
        log.listenTo(lease);
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        assertThat(client.lock("orders").acquire().release()).isTrue();
    }

    @Test
    void rule_04_server_that_stays_silent_at_a_renewal_is_a_lost_connection() throws Exception {
        ScriptedServer.Script silent = peer -> {
            peer.answer("ok " + TOKEN + " 1");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(silent);
                DflockdClient other = DflockdClient.builder()
                        .servers(scripted.address())
                        .runtime(runtime)
                        .responseTimeout(ofMillis(100))
                        .build()) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(1)));
            log.listenTo(lease);
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
            await().until(() -> scripted.peers().get(0).ended());
        }
    }

    @Test
    void rule_04_lease_is_lost_once_its_server_may_have_dropped_the_silent_connection() throws Exception {
        try (ScriptedServer scripted = new ScriptedServer(peer -> {
                    peer.answer("ok " + TOKEN + " 600");
                    peer.answer("ok 600");
                    peer.hang();
                });
                DflockdClient other = clientOf(scripted.address())) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(600)));
            log.listenTo(lease);
            runtime.freeze();
            lease.renew();
            runtime.jump(ofSeconds(22));
            assertThat(lease.isHeld()).isTrue();
            assertThat(lease.remaining()).as("what was granted").isEqualTo(ofSeconds(578));

            runtime.jump(ofSeconds(1));

            assertThat(lease.isHeld()).isFalse();
            await().until(() -> log.losses().size() == 1);
            assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        }
    }

    @Test
    void rule_03_refused_renewal_is_a_loss_at_once() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(9)).acquire();
        log.listenTo(lease);
        server.expireLease("orders");
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class).hasMessageContaining("REFUSED");
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(REFUSED);
    }

    @Test
    void rule_05_loss_by_several_causes_at_once_is_told_once() throws Exception {
        for (int i = 0; i < 30; i++) {
            LossLog each = new LossLog();
            DflockdClient mine = clientOf(server.address());
            Lease lease = mine.lock("orders-" + i).withLease(ofSeconds(5)).acquire();
            lease.onLost(each);
            CyclicBarrier together = new CyclicBarrier(4);
            List<Background<String>> causes = new ArrayList<>();
            causes.add(at(together, () -> runtime.jump(ofSeconds(6))));
            causes.add(at(together, mine::close));
            causes.add(at(together, () -> server.reset()));
            causes.add(at(together, () -> lease.isHeld()));
            causes.forEach(Background::result);
            lease.onLost(each);
            await().until(() -> each.losses().size() >= 2);
            assertThat(each.losses()).as("one call for each registration").hasSize(2);
            assertThat(each.reasons().get(0)).isEqualTo(each.reasons().get(1));
        }
    }

    @Test
    void rule_05_listener_that_comes_late_is_told_at_once_and_none_after_a_release() throws Exception {
        Lease lost = client.lock("orders").withLease(ofSeconds(2)).acquire();
        runtime.jump(ofSeconds(2));
        log.listenTo(lost);
        await().until(() -> log.losses().size() == 1);

        LossLog never = new LossLog();
        Lease released = client.lock("other").withLease(ofSeconds(2)).acquire();
        released.onLost(never);
        assertThat(released.release()).isTrue();
        released.onLost(never);
        runtime.jump(ofSeconds(5));
        assertThat(released.isHeld()).isFalse();
        client.close();
        assertThat(never.losses()).isEmpty();
    }

    @Test
    void rule_05_listeners_that_block_or_throw_delay_nobody() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        Lease lease = client.lock("orders").withLease(ofSeconds(2)).acquire();
        Lease other =
                client.lock("other").withLease(ofSeconds(2)).withRenewRatio(0.2).acquire();
        lease.onLost(loss -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        lease.onLost(loss -> {
            throw new AssertionError("a listener's own mistake");
        });
        log.listenTo(lease);
        server.expireLease("orders");
        await().until(() -> log.losses().size() == 1);
        long start = System.nanoTime();
        await().until(() -> System.nanoTime() - start > 2_500_000_000L);
        assertThat(other.isHeld()).isTrue();
        blocked.countDown();
    }

    @Test
    void rule_05_more_than_thirty_two_listeners_have_to_wait_but_all_are_told() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        Lease lease = client.lock("orders").acquire();
        for (int i = 0; i < 40; i++) {
            lease.onLost(loss -> {
                log.accept(loss);
                try {
                    blocked.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> log.losses().size() == 32);
        blocked.countDown();
        await().until(() -> log.losses().size() == 40);
    }

    @Test
    void rule_05_listener_may_close_the_client() throws Exception {
        Lease lease = client.lock("orders").acquire();
        lease.onLost(loss -> {
            client.close();
            log.accept(loss);
        });
        server.reset();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        await().until(() -> log.losses().size() == 1);
        await().until(() -> runtime.running() == 0);
    }

    private static Background<String> at(CyclicBarrier barrier, Runnable cause) {
        return Background.start(() -> {
            barrier.await();
            cause.run();
            return "done";
        });
    }
}

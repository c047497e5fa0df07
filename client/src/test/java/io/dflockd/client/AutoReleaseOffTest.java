package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.log.LogTap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients of servers that do not release on disconnect: the exception of DESIGN section 4, rule 4. */
@Timeout(60)
class AutoReleaseOffTest {

    private final CutRuntime runtime = new CutRuntime();
    private final LossLog log = new LossLog();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start(FakeOptions.defaults().withAutoReleaseOnDisconnect(false));
        client = builder(server.address()).build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void rule_04_lost_connection_is_no_lost_lease_and_the_release_goes_over_another_one() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(30)).acquire();
        log.listenTo(lease);
        runtime.cut();
        assertThat(lease.isHeld()).isTrue();
        assertThat(client.lock("orders").tryAcquire(ofMillis(0)))
                .as("the server keeps it")
                .isEmpty();
        assertThat(lease.release()).isTrue();
        assertThat(client.lock("orders").tryAcquire(ofSeconds(0)).map(Lease::release))
                .contains(true);
        assertThat(log.losses()).isEmpty();
    }

    @Test
    void rule_04_renewal_by_hand_goes_over_another_connection() throws Exception {
        Lease lease = client.semaphore("gpu", 2).withLease(ofSeconds(60)).acquire();
        String token = lease.token();
        runtime.jump(ofSeconds(9));
        runtime.cut();
        lease.renew();
        assertThat(lease.remaining()).isGreaterThan(ofSeconds(55));
        runtime.cut();
        lease.ensure(ofSeconds(60));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.token()).isEqualTo(token);
        assertThat(lease.release()).isTrue();
    }

    @Test
    void rule_04_late_news_of_the_connection_before_costs_the_new_one_nothing() throws Exception {
        DflockdClient patient =
                builder(server.address()).serverReadTimeout(ofHours(1)).build();
        Lease lease = patient.lock("orders").withLease(ofHours(1)).acquire();
        await().until(() -> runtime.listeners().size() == 1);
        runtime.cut();
        lease.renew();
        await("the new connection is watched, long before a renewal is due")
                .until(() -> runtime.listeners().size() > 1);
        int connects = runtime.connects();

        runtime.listeners().get(0).disturbed(true);

        lease.renew();
        assertThat(runtime.connects()).isEqualTo(connects);
        runtime.listeners().get(runtime.listeners().size() - 1).disturbed(true);
        lease.renew();
        assertThat(runtime.connects()).as("the news of its own count").isEqualTo(connects + 1);
        assertThat(lease.release()).isTrue();
        patient.close();
    }

    @Test
    void rule_06_interrupt_in_the_middle_of_a_renewal_or_release_costs_the_connection_and_not_the_answer()
            throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        FaultHandle slow = server.on(Trigger.renew("orders"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.stall());
        Background<Boolean> renewing = Background.start(() -> {
            lease.renew();
            return lease.isHeld();
        });
        assertThat(slow.awaitFired(ofSeconds(10))).isTrue();
        renewing.interrupt();
        assertThat(renewing.result()).isTrue();
        assertThat(renewing.interruptedAfter()).isTrue();

        FaultHandle slowToo =
                server.on(Trigger.release("orders")).at(Phase.BEFORE_APPLY).then(Effect.stall());
        Background<Boolean> releasing = Background.start(lease::release);
        assertThat(slowToo.awaitFired(ofSeconds(10))).isTrue();
        releasing.interrupt();
        assertThat(releasing.result()).isTrue();
        assertThat(releasing.interruptedAfter()).isTrue();
        assertThat(server.state().held()).isEmpty();
    }

    @Test
    void rule_04_silent_server_is_no_loss_before_the_deadline() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        runtime.jump(ofSeconds(23));
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isTrue();
    }

    @Test
    void rule_04_renewals_in_the_background_go_on_over_other_connections() throws Exception {
        try (LogTap tap = LogTap.open()) {
            Lease lease = client.lock("orders")
                    .withLease(ofSeconds(4))
                    .withRenewRatio(0.1)
                    .acquire();
            log.listenTo(lease);
            for (int i = 0; i < 3; i++) {
                int before = runtime.connects();
                runtime.cut();
                await().until(() -> runtime.connects() > before);
            }
            long start = System.nanoTime();
            await().until(() -> System.nanoTime() - start > 4_500_000_000L);
            assertThat(lease.isHeld()).isTrue();
            assertThat(log.losses()).isEmpty();
            assertThat(tap.lines("renewal of 'orders'")).allMatch(line -> line.startsWith("WARN"));
            assertThat(lease.release()).isTrue();
        }
    }

    @Test
    void rule_04_renewals_go_on_after_the_secret_supplier_has_failed_for_a_while() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        AtomicBoolean failing = new AtomicBoolean();
        try (DflockdClient other = builder(server.address())
                .secret(() -> {
                    if (failing.get()) {
                        failures.incrementAndGet();
                        throw new IllegalStateException("the vault is closed");
                    }
                    return "s3cret";
                })
                .build()) {
            Lease lease = other.lock("orders")
                    .withLease(ofSeconds(20))
                    .withRenewRatio(0.01)
                    .acquire();
            log.listenTo(lease);
            failing.set(true);
            runtime.cut();
            await().until(() -> failures.get() >= 2);
            failing.set(false);
            int before = server.journal().size();
            await().until(() -> server.journal().size() > before + 3); // the secret, and renewals
            assertThat(lease.release()).isTrue();
            assertThat(log.losses()).isEmpty();
        }
    }

    @Test
    void rule_04_lease_ends_at_its_deadline_when_the_server_is_gone_for_good() throws Exception {
        Lease lease = client.lock("orders")
                .withLease(ofSeconds(2))
                .withRenewRatio(0.1)
                .acquire();
        log.listenTo(lease);
        server.close();
        runtime.cut();
        assertThat(lease.isHeld()).isTrue();
        assertThatThrownBy(lease::renew).isInstanceOf(ConnectionException.class).hasMessageContaining("orders");
        assertThat(lease.isHeld()).as("only its deadline ends it").isTrue();
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(LeaseLost.Reason.EXPIRED);
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        assertThat(lease.release()).isFalse();
    }

    @Test
    void rule_04_release_that_finds_no_server_is_done_later() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
        runtime.refuse(true);
        runtime.cut();
        assertThatThrownBy(lease::release)
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("orders");
        assertThat(lease.isHeld()).isFalse();
        runtime.refuse(false);
        assertThat(client.lock("orders").tryAcquire(ofSeconds(20)).map(Lease::release))
                .contains(true);
    }

    @Test
    void rule_04_refused_renewal_is_a_loss_all_the_same() throws Exception {
        Lease lease = client.lock("orders").withLease(ofSeconds(30)).acquire();
        log.listenTo(lease);
        server.expireLease("orders");
        runtime.cut();
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class).hasMessageContaining("REFUSED");
        await().until(() -> log.losses().size() == 1);
        assertThat(log.reasons()).containsExactly(LeaseLost.Reason.REFUSED);
    }

    @Test
    void longest_hold_frees_the_slot_that_closing_the_connection_does_not() throws Exception {
        Lease lease = client.lock("orders")
                .withLease(ofSeconds(600))
                .withMaxHold(ofSeconds(100))
                .acquire();
        log.listenTo(lease);
        runtime.jump(ofSeconds(100));
        assertThat(lease.isHeld()).isFalse();
        assertThat(client.lock("orders").tryAcquire(ofSeconds(20)).map(Lease::release))
                .contains(true);
        await().until(() -> log.losses().size() == 1);
    }

    @Test
    void lease_without_renewal_survives_its_connection_and_is_released() throws Exception {
        try (DflockdClient other =
                builder(server.address()).serverReadTimeout(ofMillis(400)).build()) {
            Lease lease = other.lock("orders")
                    .withLease(ofSeconds(30))
                    .withoutRenewal()
                    .acquire();
            int before = runtime.connects();
            runtime.cut();
            long start = System.nanoTime();
            await().until(() -> System.nanoTime() - start > 1_000_000_000L);
            assertThat(lease.isHeld()).isTrue();
            assertThat(runtime.connects())
                    .as("nothing to renew, nothing to connect for")
                    .isEqualTo(before);
            assertThat(lease.release()).isTrue();
        }
    }

    @Test
    void rule_04_release_whose_answer_is_lost_is_repeated_and_its_second_answer_counts() throws Exception {
        ScriptedServer.Script[] scripts = {
            peer -> {
                peer.answer("ok " + TOKEN + " 50");
                peer.read();
                peer.reset();
            },
            ScriptedServer.Peer::grantAll
        };
        try (ScriptedServer scripted = new ScriptedServer(scripts);
                DflockdClient other = builder(scripted.address()).build()) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)));
            assertThat(lease.release()).isTrue();
            assertThat(scripted.peers().get(1).requests()).isEqualTo(List.of("r|orders|" + TOKEN));
        }
    }

    @Test
    void rule_04_renewals_and_a_release_at_the_same_time_leave_nothing_open() throws Exception {
        for (int i = 0; i < 20; i++) {
            Lease lease = client.lock("orders").withLease(ofSeconds(30)).acquire();
            runtime.cut();
            Background<String> renewing = Background.start(() -> {
                try {
                    lease.renew();
                    return "renewed";
                } catch (LeaseLostException | ConnectionException e) {
                    return "over";
                }
            });
            try {
                lease.release();
            } catch (ConnectionException e) {
                // Freed in the background then.
            }
            assertThat(renewing.result()).isIn("renewed", "over");
            assertThat(client.lock("orders").tryAcquire(ofSeconds(20)).map(Lease::release))
                    .contains(true);
        }
        client.close();
        assertThat(runtime.open()).isZero();
    }

    private DflockdClientBuilder builder(String address) {
        return DflockdClient.builder().servers(address).runtime(runtime).serverAutoRelease(false);
    }
}

package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Losses with several causes at once, and listeners that do not behave. That a listener throws or blocks for a while is in LossRulesTest. */
@Timeout(120)
class LossRaceTest {

    private static final int ROUNDS = 300;

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void loss_by_several_causes_at_once_is_told_once() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            String key = "orders-" + i;
            DflockdClient client = clientOf();
            Lease lease = client.lock(key).withLease(ofSeconds(5)).acquire();
            LossLog told = new LossLog();
            LossLog toldLate = new LossLog();
            lease.onLost(told);
            atOnce(
                    () -> server.state().connections().forEach(server::kick),
                    () -> server.expireLease(key),
                    () -> renewQuietly(lease),
                    () -> runtime.jump(ofSeconds(6)),
                    client::close,
                    () -> lease.onLost(toldLate));
            assertThat(lease.isHeld()).isFalse();
            await().pollDelay(ZERO)
                    .pollInterval(ofMillis(1))
                    .until(() -> !told.losses().isEmpty() && !toldLate.losses().isEmpty());
            assertThat(told.losses()).hasSize(1).isEqualTo(toldLate.losses());
            assertThat(lease.release()).isFalse();
        }
        Afterwards.nobodyHolds(server);
    }

    @Test
    void loss_and_release_at_once_is_one_of_them() throws Exception {
        int released = 0;
        int told = 0;
        // Otherwise the jump is also the end of a release that is under way.
        try (DflockdClient client = builder().responseTimeout(ofMinutes(10)).build()) {
            for (int i = 0; i < ROUNDS; i++) {
                Lease lease = client.lock("orders").withLease(ofSeconds(5)).acquire();
                LossLog mine = new LossLog();
                lease.onLost(mine);
                CyclicBarrier together = new CyclicBarrier(2);
                Background<Boolean> releasing = at(together, lease::release);
                Background<Boolean> jumping = at(together, () -> {
                    runtime.jump(ofSeconds(6));
                    return lease.isHeld();
                });
                assertThat(jumping.result()).isFalse();
                boolean confirmed = releasing.result();
                lease.onLost(mine); // told at once if it was lost
                assertThat(!confirmed || mine.losses().isEmpty())
                        .as("released and lost")
                        .isTrue();
                released += confirmed ? 1 : 0;
                told += mine.losses().isEmpty() ? 0 : 1;
            }
        }
        assertThat(released + told).as("rounds that were one of both").isPositive();
        Afterwards.nobodyHolds(server, "orders");
    }

    @Test
    void listener_that_blocks_for_ever_delays_no_other_listener_no_renewal_and_no_close() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        DflockdClient client = DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .responseTimeout(ofMillis(500))
                .build();
        for (int i = 0; i < 20; i++) {
            Lease lease = client.lock("blocked-" + i).acquire();
            lease.onLost(loss -> blockOn(never));
            log.listenTo(lease);
        }
        Lease other = client.lock("other")
                .withLease(ofMinutes(10))
                .withRenewRatio(0.001)
                .acquire();
        List<Long> connections = new ArrayList<>(server.state().connections());
        connections.remove(connections.size() - 1);
        long before = server.journal().size();
        connections.forEach(server::kick);
        runtime.jump(ofSeconds(15)); // so that every lease is due for a renewal, which finds the end of its connection

        await().atMost(Afterwards.LIMIT).until(() -> log.losses().size() == 20);
        assertThat(log.reasons()).containsOnly(CONNECTION_LOST);
        assertThat(log.losses()).doesNotHaveDuplicates();
        await().until(() -> server.journal().size() >= before + 2);
        assertThat(other.isHeld()).isTrue();
        Background<Boolean> closing = Background.start(() -> {
            client.close();
            return true;
        });
        assertThat(closing.result()).as("close does not wait for them for ever").isTrue();
        Afterwards.nobodyHolds(server);
        never.countDown();
        await().until(() -> runtime.running() == 0);
    }

    @Test
    void listener_that_uses_its_own_lost_lease_and_acquires_again_is_not_in_its_own_way() throws Exception {
        try (DflockdClient client = clientOf()) {
            Lease lease = client.lock("orders").acquire();
            lease.onLost(loss -> {
                assertThat(lease.isHeld()).isFalse();
                assertThat(lease.release()).isFalse();
                assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
                try {
                    Afterwards.serves(client, "orders");
                    log.listenTo(lease);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            server.expireLease("orders");
            assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            await().atMost(Afterwards.LIMIT).until(() -> log.losses().size() == 1);
        }
        Afterwards.nobodyHolds(server, "orders");
    }

    private static void renewQuietly(Lease lease) {
        try {
            lease.renew();
        } catch (DflockdException e) {
            assertThat(e).isInstanceOf(LeaseLostException.class);
        }
    }

    private static void blockOn(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void atOnce(Runnable... causes) {
        CyclicBarrier together = new CyclicBarrier(causes.length);
        List<Background<Boolean>> running = new ArrayList<>();
        for (Runnable cause : causes) {
            running.add(at(together, () -> {
                cause.run();
                return true;
            }));
        }
        running.forEach(Background::result);
    }

    private static Background<Boolean> at(CyclicBarrier together, Callable<Boolean> cause) {
        return Background.start(() -> {
            together.await();
            return cause.call();
        });
    }

    private DflockdClient clientOf() {
        return builder().build();
    }

    private DflockdClientBuilder builder() {
        return DflockdClient.builder().servers(server.address()).runtime(runtime);
    }
}

package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.log.LogTap;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client's listener is told: DESIGN section 4, rule 15. */
@Timeout(60)
class ListenerTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final EventLog log = new EventLog();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start();
        client = builder(server.address()).listener(log).build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void rule_15_the_life_of_a_lease_is_told_in_order() throws Exception {
        Lease lease = client.lock("orders").acquire();
        lease.renew();
        lease.release();
        lease.close();
        client.close();
        assertThat(log.events())
                .filteredOn(
                        event -> !event.startsWith("renewed")) // a slow answer to the acquire is confirmed by one more
                .containsExactly(
                        "opened " + server.address(),
                        "acquired orders",
                        "released orders",
                        "closed " + server.address());
        assertThat(log.count("renewed orders")).isEqualTo(1);
    }

    @Test
    void rule_15_what_is_not_granted_in_time_is_told() throws Exception {
        try (Lease holder = client.lock("orders").acquire()) {
            assertThat(client.lock("orders").tryAcquire(ofMillis(0))).isEmpty();
            assertThatThrownBy(() -> client.lock("orders")
                            .withAcquireTimeout(ofMillis(50))
                            .acquire())
                    .isInstanceOf(AcquireTimeoutException.class);
            try (Enqueued place = client.lock("orders").enqueue()) {
                assertThat(place.await(ofMillis(50))).isEmpty();
            }
            assertThat(log.count("not acquired orders")).isEqualTo(3);
            assertThat(log.count("acquired orders")).isEqualTo(1);
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void rule_15_an_acquire_that_fails_is_told_with_its_reason() throws Exception {
        server.close();
        assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
        assertThatThrownBy(() -> client.lock("orders").enqueue()).isInstanceOf(ConnectionException.class);
        assertThat(log.events())
                .containsExactly("failed orders ConnectionException", "failed orders ConnectionException");
    }

    @Test
    void rule_15_a_loss_is_told_once_with_the_renewal_that_failed_before_it() throws Exception {
        Lease lease = client.lock("orders").acquire();
        server.expireLease("orders");
        assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
        lease.close();
        await().until(() -> log.count("lost") == 1);
        assertThat(log.events())
                .filteredOn(event -> event.contains("orders"))
                .containsExactly("acquired orders", "renewal failed orders error", "lost orders REFUSED");
        assertThat(log.count("closed")).isEqualTo(1);
    }

    @Test
    void rule_15_renewals_in_the_background_are_told() throws Exception {
        try (Lease lease = client.lock("orders")
                .withLease(ofSeconds(2))
                .withRenewRatio(0.1)
                .acquire()) {
            await().until(() -> log.count("renewed orders") >= 2);
            server.expireLease("orders");
            await().until(() -> log.count("lost orders REFUSED") == 1);
            assertThat(lease.isHeld()).isFalse();
        }
    }

    @Test
    void rule_15_places_that_are_granted_are_told_when_they_are_held() throws Exception {
        try (Enqueued place = client.lock("orders").enqueue()) {
            assertThat(log.count("acquired orders")).isEqualTo(1);
            try (Enqueued next = client.lock("orders").enqueue()) {
                assertThat(place.await(ofSeconds(1)).map(Lease::release)).contains(true);
                assertThat(log.count("acquired orders")).isEqualTo(1);
                assertThat(next.await(ofSeconds(5)).map(Lease::release)).contains(true);
                assertThat(log.count("acquired orders")).isEqualTo(2);
            }
        }
        assertThat(log.count("released orders")).isEqualTo(2);
    }

    @Test
    void rule_15_every_acquired_has_its_end_whatever_ends_it() throws Exception {
        for (int i = 0; i < 40; i++) {
            EventLog each = new EventLog();
            DflockdClient mine = builder(server.address()).listener(each).build();
            String key = "key-" + i;
            Lease lease = mine.lock(key).withLease(ofSeconds(5)).acquire();
            CyclicBarrier together = new CyclicBarrier(3);
            List<Background<String>> causes = new ArrayList<>();
            causes.add(at(together, lease::close));
            causes.add(at(together, mine::close));
            causes.add(at(together, () -> runtime.jump(ofSeconds(6))));
            causes.forEach(Background::result);
            mine.close();
            assertThat(each.count("acquired")).isEqualTo(1);
            assertThat(each.count("released") + each.count("lost")).isEqualTo(1);
            assertThat(each.count("opened")).isEqualTo(each.count("closed"));
        }
    }

    /** A listener whose news of losses and closed connections take for ever. */
    private static final class Slow extends EventLog {

        private final CountDownLatch blocked = new CountDownLatch(1);

        @Override
        public void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {
            awaitLatch(blocked);
            super.lost(loss, server, heldFor);
        }

        @Override
        public void connectionClosed(ServerAddress server) {
            awaitLatch(blocked);
            super.connectionClosed(server);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void rule_15_a_listener_that_blocks_at_losses_delays_no_holder_and_hears_of_all_before_the_client_is_closed()
            throws Exception {
        Slow slow = new Slow();
        LossLog losses = new LossLog();
        try (DflockdClient other = builder(server.address())
                .defaultLease(ofSeconds(60))
                .listener(slow)
                .build()) {
            for (int i = 0; i < 100; i++) {
                losses.listenTo(other.lock("orders-" + i).acquire());
            }
            await().until(() -> runtime.running("dflockd-watch") > 0);

            server.close();

            await().until(() -> losses.losses().size() == 100);
            assertThat(losses.reasons()).containsOnly(LeaseLost.Reason.CONNECTION_LOST);
            assertThat(slow.count("lost")).isZero();
            assertThat(runtime.running("dflockd-lost")).isLessThan(32);
            slow.blocked.countDown();
        }
        assertThat(slow.count("lost")).isEqualTo(100);
        assertThat(slow.count("closed")).isEqualTo(slow.count("opened"));
    }

    @Test
    void rule_15_losses_and_closed_connections_are_told_in_order() throws Exception {
        Slow slow = new Slow();
        try (DflockdClient other = builder(server.address())
                .defaultLease(ofSeconds(60))
                .listener(slow)
                .build()) {
            for (String key : List.of("first", "second")) {
                Lease lease = other.lock(key).acquire();
                server.expireLease(key);
                assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
            }
            slow.blocked.countDown();
        }
        String closed = "closed " + server.address();
        assertThat(slow.events())
                .filteredOn(event -> event.startsWith("lost") || event.startsWith("closed"))
                .containsExactly(closed, "lost first REFUSED", closed, "lost second REFUSED");
    }

    @Test
    void rule_15_what_a_listener_throws_is_logged_and_harms_nothing() throws Exception {
        DflockdListener throwing = (DflockdListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DflockdListener.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("a listener's own mistake");
                });
        try (LogTap tap = LogTap.open();
                DflockdClient other =
                        builder(server.address()).listener(throwing).build()) {
            Lease lease = other.lock("orders")
                    .withLease(ofSeconds(2))
                    .withRenewRatio(0.1)
                    .acquire();
            LossLog losses = new LossLog();
            losses.listenTo(lease);
            await().until(() -> tap.lines("the listener of the client failed").size() >= 4);
            assertThat(lease.isHeld()).isTrue();
            server.expireLease("orders");
            await().until(() -> losses.losses().size() == 1);
            assertThat(other.lock("orders").acquire().release()).isTrue();
            assertThat(tap.lines("a listener's own mistake")).allMatch(line -> line.startsWith("ERROR"));
        }
    }

    @Test
    void rule_15_the_listener_is_called_under_no_lock_of_the_client() throws Exception {
        LockWatch watch = new LockWatch(runtime);
        List<String> inLock = new CopyOnWriteArrayList<>();
        List<String> told = new CopyOnWriteArrayList<>();
        DflockdListener nosy = (DflockdListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DflockdListener.class}, (proxy, method, arguments) -> {
                    told.add(method.getName());
                    if (watch.heldByThisThread() > 0) {
                        inLock.add(method.getName());
                    }
                    return null;
                });
        try (DflockdClient other =
                builder(server.address()).runtime(watch).listener(nosy).build()) {
            observeEverything(other);
        }
        assertThat(inLock).isEmpty();
        assertThat(told)
                .contains(
                        "acquired",
                        "notAcquired",
                        "acquireFailed",
                        "renewed",
                        "renewalFailed",
                        "released",
                        "lost",
                        "connectionOpened",
                        "connectionClosed");
    }

    private void observeEverything(DflockdClient other) throws InterruptedException {
        Lease lease = other.lock("orders").acquire();
        assertThat(other.lock("orders").tryAcquire(Duration.ZERO)).isEmpty();
        lease.renew();
        try (Enqueued place = other.lock("orders").enqueue()) {
            lease.release();
            Lease next = place.await(ofSeconds(5)).orElseThrow();
            server.reset();
            assertThatThrownBy(next::renew).isInstanceOf(LeaseLostException.class);
        }
        try (Enqueued place = other.lock("orders").enqueue();
                Enqueued second = other.lock("orders").enqueue()) {
            assertThat(place.status()).isEqualTo(Enqueued.Status.ACQUIRED);
            server.reset();
            assertThatThrownBy(() -> second.await(ofSeconds(1))).isInstanceOf(ConnectionException.class);
        }
        try (Lease expiring =
                other.lock("short").withLease(ofSeconds(1)).withoutRenewal().acquire()) {
            await().until(() -> !expiring.isHeld());
        }
    }

    @Test
    void rule_15_renewal_that_a_server_refuses_for_another_reason_is_told_and_no_loss() throws Exception {
        ScriptedServer.Script moody = peer -> {
            peer.answer("ok " + TOKEN + " 40");
            peer.answer("error_busy");
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(moody);
                DflockdClient other = builder(scripted.address()).listener(log).build();
                Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(40)))) {
            assertThatThrownBy(lease::renew).isInstanceOf(RejectedException.class);
            assertThat(log.events()).contains("renewal failed orders error_busy");
            assertThat(log.count("lost")).isZero();
        }
    }

    private static Background<String> at(CyclicBarrier barrier, Runnable cause) {
        return Background.start(() -> {
            barrier.await();
            cause.run();
            return "done";
        });
    }

    private DflockdClientBuilder builder(String address) {
        return DflockdClient.builder().servers(address).runtime(runtime);
    }
}

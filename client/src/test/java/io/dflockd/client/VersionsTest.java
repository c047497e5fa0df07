package io.dflockd.client;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All of the public API on each line of servers: it works, or says clearly that this server does not know it. Nobody is told which line it is. */
@Timeout(60)
class VersionsTest {

    private static final String SECRET = "s3cret";

    @ParameterizedTest
    @EnumSource
    void locks_and_places_work_everywhere(Profile profile) throws Exception {
        try (FakeDflockdServer server = start(profile);
                DflockdClient client = DflockdClient.connect(server.address())) {
            DistributedLock orders = client.lock("orders");
            Lease lease = orders.acquire();
            assertThat(lease.ttl()).as("the server's default").isEqualTo(ofSeconds(33));
            assertThat(orders.tryAcquire(ZERO)).isEmpty();
            assertThat(orders.tryAcquire(ofMillis(20))).isEmpty();
            Enqueued queued = orders.withLease(ofSeconds(9)).enqueue();
            assertThat(queued.status()).isEqualTo(Enqueued.Status.QUEUED);
            lease.renew();
            lease.ensure(ofSeconds(30));
            assertThat(lease.release()).isTrue();
            Lease next = queued.await(ofSeconds(5)).orElseThrow();
            assertThat(next.ttl()).isEqualTo(ofSeconds(9));
            next.close();
            assertThat(orders.enqueue().await(ZERO).orElseThrow().release()).isTrue();
            try (Lease holder = orders.acquire();
                    Enqueued hopeless = orders.enqueue()) {
                assertThat(hopeless.await(ofMillis(20))).isEmpty();
                assertThat(holder.isHeld()).isTrue();
            }
            assertThat(orders.<String, Exception>call(() -> "done")).isEqualTo("done");
            Lock adapter = orders.asLock();
            assertThat(adapter.tryLock()).isTrue();
            adapter.unlock();
            client.ping();
        }
    }

    /** V0 answers what remains in whole seconds: one less. */
    @ParameterizedTest
    @EnumSource
    void rule_03_renew_gives_the_whole_lease_whatever_the_server_answers(Profile profile) throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start(
                        FakeOptions.defaults().withProfile(profile).withManualClock());
                DflockdClient client = DflockdClient.connect(server.address());
                DflockdConnection low = DflockdConnection.connect(server.address())) {
            for (int seconds : new int[] {5, 60, 600}) {
                Duration ttl = ofSeconds(seconds);
                Lease lease =
                        client.lock("orders").withLease(ttl).withoutRenewal().acquire();
                long before = System.nanoTime();
                lease.renew();
                Duration remaining = lease.remaining();
                Duration passed = Duration.ofNanos(System.nanoTime() - before);
                assertThat(remaining).isBetween(ttl.minus(passed), ttl);
                long answered = profile == Profile.V0 ? seconds - 1 : seconds;
                assertThat(low.renew("orders", lease.token(), seconds)).isEqualTo(new Reply.Renewed(answered));
                assertThat(lease.release()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lost_turn_is_no_error_anywhere(Profile profile) throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start(
                        FakeOptions.defaults().withProfile(profile).withManualClock());
                DflockdClient client = DflockdClient.connect(server.address())) {
            Lease holder =
                    client.lock("orders").withLease(Duration.ofMinutes(10)).acquire();
            Enqueued place = client.lock("orders").withLease(ofSeconds(1)).enqueue();
            holder.release();
            server.clock().advance(ofSeconds(5));
            assertThat(place.await(ofSeconds(1))).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            client.lock("orders").acquire().close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void semaphores_work_from_v1_on(Profile profile) throws Exception {
        try (FakeDflockdServer server = start(profile);
                DflockdClient client = DflockdClient.connect(server.address());
                Lease one = client.semaphore("gpu", 2).acquire();
                Lease two = client.semaphore("gpu", 2).enqueue().await(ZERO).orElseThrow()) {
            one.renew();
            assertThat(two.isHeld()).isTrue();
            assertThat(client.semaphore("gpu", 2).tryAcquire(ZERO)).isEmpty();
            assertThatThrownBy(() -> client.semaphore("gpu", 3).acquire())
                    .isInstanceOf(RejectedException.class)
                    .hasMessageContaining("error_limit_mismatch")
                    .hasMessageNotContaining("1.0");
        }
    }

    @Test
    void v0_says_that_it_does_not_know_semaphores_and_the_next_lock_does_not_suffer() throws Exception {
        try (FakeDflockdServer server = start(Profile.V0);
                DflockdClient client = DflockdClient.connect(server.address())) {
            DistributedLock gpu = client.semaphore("gpu", 2);
            for (int i = 0; i < 30; i++) {
                client.lock("orders").acquire().close();
                requireUnknown(gpu::acquire, "acquire slot of 'gpu'", "before 1.0 do not know semaphores");
                client.lock("orders").acquire().close();
                requireUnknown(gpu::enqueue, "enqueue for slot of 'gpu'", "before 1.0 do not know semaphores");
                requireUnknown(() -> gpu.tryAcquire(ZERO), "'gpu'", "before 1.0 do not know semaphores");
                requireUnknown(() -> gpu.run(() -> {}), "'gpu'", "before 1.0 do not know semaphores");
            }
        }
    }

    @Test
    void v0_says_that_it_does_not_know_stats_and_the_next_lock_does_not_suffer() throws Exception {
        try (FakeDflockdServer server = start(Profile.V0);
                DflockdClient client = DflockdClient.connect(server.address());
                Lease held = client.lock("held").acquire()) {
            for (int i = 0; i < 30; i++) {
                client.lock("orders").acquire().close();
                requireUnknown(client::stats, "stats at " + server.address(), "before 1.4 do not know stats");
            }
            try (DflockdConnection low = DflockdConnection.connect(server.address())) {
                requireUnknown(low::stats, "stats at " + server.address(), "before 1.4 do not know stats");
            }
            held.renew();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void secrets_work_from_v1_on(Profile profile) throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start(
                        FakeOptions.defaults().withProfile(profile).withAuthToken(SECRET));
                DflockdClient right = client(server, SECRET);
                DflockdClient wrong = client(server, "other");
                DflockdClient none = DflockdClient.connect(server.address())) {
            right.lock("orders").acquire().close();
            right.ping();
            assertThat(right.stats()).hasSize(1);
            for (DflockdClient each : new DflockdClient[] {wrong, none}) {
                assertThatThrownBy(() -> each.lock("orders").acquire()).isInstanceOf(AuthenticationException.class);
                assertThatThrownBy(each::ping).isInstanceOf(AuthenticationException.class);
                assertThatThrownBy(each::stats).isInstanceOf(AuthenticationException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void a_secret_that_the_server_does_not_want_does_no_harm_from_v1_on(Profile profile) throws Exception {
        try (FakeDflockdServer server = start(profile);
                DflockdClient client = client(server, SECRET)) {
            client.lock("orders").acquire().close();
            client.ping();
        }
    }

    @Test
    void v0_says_that_it_does_not_know_secrets() {
        try (FakeDflockdServer server = start(Profile.V0);
                DflockdClient client = client(server, SECRET)) {
            for (ThrowingCallable call : new ThrowingCallable[] {
                () -> client.lock("orders").acquire(),
                () -> client.lock("orders").enqueue(),
                client::ping
            }) {
                assertThatThrownBy(call)
                        .isInstanceOf(ConnectionException.class)
                        .hasMessageContaining("at the secret")
                        .hasMessageContaining("older than 1.0")
                        .hasMessageNotContaining(SECRET);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"error_max_locks", "error_of_the_future", "error_of_the_future 7 fields", "error"})
    void every_status_is_told_by_its_first_word(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    while (!peer.ended()) {
                        peer.answer(answer);
                    }
                });
                DflockdClient client = DflockdClient.connect(server.address())) {
            for (ThrowingCallable call : new ThrowingCallable[] {
                () -> client.lock("orders").acquire(),
                () -> client.lock("orders").enqueue(),
                () -> client.semaphore("gpu", 2).tryAcquire(ZERO),
                client::stats
            }) {
                assertThatThrownBy(call).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                        .isEqualTo(answer.replaceAll(" .*", "")));
            }
        }
    }

    @Test
    void a_connection_that_a_draining_server_is_about_to_close_is_not_used_again() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.answer("error_draining"));
                DflockdClient client = DflockdClient.connect(server.address())) {
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> client.lock("orders").acquire())
                        .isInstanceOf(RejectedException.class)
                        .hasMessageContaining("error_draining");
            }
        }
    }

    @Test
    void unknown_status_to_a_renew_says_nothing_about_the_lease() throws Exception {
        AtomicBoolean odd = new AtomicBoolean();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    for (String request = peer.read(); request != null; request = peer.read()) {
                        boolean refuse = odd.get() && request.startsWith("n");
                        peer.send(
                                refuse
                                        ? "error_of_the_future\n"
                                        : ScriptedServer.Peer.usual(request) + " more fields\n");
                    }
                });
                DflockdClient client = DflockdClient.connect(server.address())) {
            Lease lease = client.lock("orders")
                    .withLease(ofSeconds(33))
                    .withoutRenewal()
                    .acquire();
            odd.set(true);
            assertThatThrownBy(lease::renew).isInstanceOf(RejectedException.class);
            assertThat(lease.isHeld()).isTrue();
            odd.set(false);
            lease.renew();
            assertThat(lease.release()).isTrue();
        }
    }

    @Test
    void the_leader_is_named_and_not_followed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.answer("error_not_leader 10.0.0.7:6388"));
                DflockdClient client = DflockdClient.connect(server.address());
                DflockdConnection low = DflockdConnection.connect(server.address())) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOfSatisfying(
                            RejectedException.class, e -> assertThat(e.status()).isEqualTo("error_not_leader"))
                    .hasMessageContaining("the leader is 10.0.0.7:6388");
            assertThat(low.acquire("orders", 0)).isEqualTo(new Reply.Refused("error_not_leader", "10.0.0.7:6388"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " who knows", " \u001b[31mred:1", " host:", " host:123456"})
    void what_is_no_address_of_a_leader_is_left_out(String rest) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.answer("error_not_leader" + rest));
                DflockdConnection low = DflockdConnection.connect(server.address())) {
            assertThat(low.acquire("orders", 0)).isEqualTo(new Reply.Refused("error_not_leader", ""));
        }
    }

    private static void requireUnknown(ThrowingCallable call, String what, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.status()).isEqualTo("error"))
                .hasMessageContaining(what)
                .hasMessageContaining(why);
    }

    private static DflockdClient client(FakeDflockdServer server, String secret) {
        return DflockdClient.builder()
                .servers(server.address())
                .secret(() -> secret)
                .build();
    }

    private static FakeDflockdServer start(Profile profile) {
        return FakeDflockdServer.start(FakeOptions.defaults().withProfile(profile));
    }
}

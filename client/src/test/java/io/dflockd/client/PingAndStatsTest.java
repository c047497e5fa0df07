package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions to servers that are about no key. */
class PingAndStatsTest {

    @ParameterizedTest
    @EnumSource
    void ping_is_a_sign_of_life_of_every_server_and_costs_no_lease(Profile profile) throws Exception {
        try (FakeDflockdServer one = start(profile);
                FakeDflockdServer two = start(profile);
                DflockdClient client = DflockdClient.connect(one.address(), two.address());
                Lease lease = client.lock("orders").acquire();
                Lease place = client.lock("k2").enqueue().await(ofSeconds(1)).orElseThrow()) {
            for (int i = 0; i < 20; i++) {
                client.ping();
                client.lock("free" + i).acquire().close();
            }
            assertThat(pings(one)).isEqualTo(20);
            assertThat(pings(two)).isEqualTo(20);
            lease.renew();
            place.renew();
            assertThat(lease.isHeld() && place.isHeld()).isTrue();
        }
    }

    @Test
    void low_level_ping_shows_the_answer_as_it_is() throws Exception {
        try (FakeDflockdServer one = start(Profile.V1);
                FakeDflockdServer two = start(Profile.V2);
                DflockdConnection old = DflockdConnection.connect(one.address());
                DflockdConnection young = DflockdConnection.connect(two.address())) {
            assertThat(old.ping()).isEqualTo(new Reply.Refused("error"));
            assertThat(old.isUsable()).isTrue();
            assertThat(young.ping()).isEqualTo(new Reply.Pong());
            assertThat(young.isUsable()).isTrue();
        }
    }

    @Test
    void ping_reuses_an_idle_connection() throws Exception {
        try (FakeDflockdServer server = start(Profile.V2);
                DflockdClient client = DflockdClient.connect(server.address())) {
            client.lock("orders").acquire().close();
            client.ping();
            client.ping();
            assertThat(server.state().connections()).containsExactly(1L);
        }
    }

    @Test
    void idle_connection_that_died_says_nothing_about_the_server() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        peer -> {
                            peer.answerAsUsual();
                            peer.answerAsUsual();
                            peer.read(); // the ping, not answered
                        },
                        peer -> {
                            peer.answer("ok");
                            peer.hang();
                        });
                DflockdClient client = DflockdClient.connect(server.address())) {
            client.lock("orders").acquire().close();
            client.ping();
            assertThat(server.peers().get(1).requests()).containsExactly("ping|-|-");
        }
    }

    @Test
    void every_server_is_asked_and_every_failure_is_told() throws Exception {
        FakeDflockdServer server = start(Profile.V2);
        String gone = server.address();
        server.close();
        try (FakeDflockdServer alive = start(Profile.V2);
                ScriptedServer silent = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdClient client = DflockdClient.builder()
                        .servers(gone, silent.address(), alive.address())
                        .responseTimeout(ofMillis(100))
                        .build()) {
            assertThatThrownBy(client::ping)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("ping at " + gone)
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .singleElement()
                            .asInstanceOf(InstanceOfAssertFactories.type(ConnectionException.class))
                            .extracting(Throwable::getMessage)
                            .asString()
                            .contains("ping at " + silent.address())
                            .contains("no answer in time"));
            assertThat(pings(alive)).isEqualTo(1);
        }
    }

    @Test
    void status_that_is_no_sign_of_health_is_told() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                        peer -> peer.answer("error_draining"),
                        peer -> peer.answer("error_auth"),
                        peer -> peer.answer("pong"));
                DflockdClient client = DflockdClient.connect(server.address())) {
            assertThatThrownBy(client::ping).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                    .isEqualTo("error_draining"));
            assertThatThrownBy(client::ping).isInstanceOf(AuthenticationException.class);
            assertThatThrownBy(client::ping).isInstanceOf(ProtocolException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void stats_of_every_server_are_read(Profile profile) throws Exception {
        try (FakeDflockdServer one = start(profile);
                FakeDflockdServer two = start(profile);
                DflockdClient client = DflockdClient.builder()
                        .servers(one.address(), two.address())
                        .sharding((key, count) -> key.startsWith("one") ? 0 : 1)
                        .build();
                Lease lease = client.lock("one<ü>").withLease(ofSeconds(60)).acquire();
                Lease slot = client.semaphore("two", 3).acquire();
                Enqueued place = client.lock("one<ü>").enqueue()) {
            client.lock("two-idle").acquire().close();
            client.semaphore("two-idle-slots", 2).acquire().close();

            List<ServerStats> stats = client.stats();

            assertThat(stats).extracting(ServerStats::server).containsExactly(address(one), address(two));
            ServerStats first = stats.get(0);
            assertThat(first.connections()).isEqualTo(3);
            assertThat(first.locks()).singleElement().satisfies(lock -> {
                assertThat(lock.key()).isEqualTo(lease.key());
                assertThat(lock.ownerConnection()).isPositive();
                assertThat(lock.leaseExpiresIn()).isBetween(ofSeconds(1), ofSeconds(60));
                assertThat(lock.waiters()).isEqualTo(1);
            });
            assertThat(first.semaphores()).isEmpty();
            ServerStats second = stats.get(1);
            assertThat(second.semaphores()).containsExactly(new ServerStats.SemaphoreStats(slot.key(), 3, 1, 0));
            assertThat(second.idleLocks())
                    .singleElement()
                    .extracting(ServerStats.IdleStats::key)
                    .isEqualTo("two-idle");
            assertThat(second.idleSemaphores())
                    .singleElement()
                    .extracting(ServerStats.IdleStats::key)
                    .isEqualTo("two-idle-slots");
            assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok {}", "ok garbage", "ok [1,2", "ok", "fine"})
    void stats_that_are_none_are_a_protocol_exception_and_cost_the_connection(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer(answer);
                    peer.hang();
                });
                DflockdClient client = DflockdClient.connect(server.address())) {
            assertThatThrownBy(client::stats)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("stats at " + server.address());
            await().until(() -> server.peers().get(0).ended());
        }
    }

    @Test
    void closed_client_asks_nobody_and_an_interrupted_thread_is_told_so() throws Exception {
        try (FakeDflockdServer server = start(Profile.V2)) {
            DflockdClient client = DflockdClient.connect(server.address());
            Thread.currentThread().interrupt();
            assertThatThrownBy(client::ping).isInstanceOf(InterruptedException.class);
            client.close();
            assertThatIllegalStateException().isThrownBy(client::ping).withMessageContaining("closed");
            assertThatIllegalStateException().isThrownBy(client::stats);
            assertThat(server.journal().requests()).isEmpty();
        }
    }

    private static long pings(FakeDflockdServer server) {
        return server.journal().requests().stream()
                .filter(request -> request.lines().get(0).equals("ping"))
                .count();
    }

    private static ServerAddress address(FakeDflockdServer server) {
        return ServerAddress.parse(server.address());
    }

    private static FakeDflockdServer start(Profile profile) {
        return FakeDflockdServer.start(FakeOptions.defaults().withProfile(profile));
    }
}

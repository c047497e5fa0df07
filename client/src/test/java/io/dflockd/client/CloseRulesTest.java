package io.dflockd.client;

import static io.dflockd.client.LeaseLost.Reason.CLIENT_CLOSED;
import static io.dflockd.client.LeaseLost.Reason.CONNECTION_LOST;
import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How leases, places and clients end: DESIGN section 4, rules 6 and 9. */
@Timeout(60)
class CloseRulesTest extends RulesStage {

    @Test
    void rule_06_release_that_gets_no_answer_ends_after_the_response_timeout() throws Exception {
        ScriptedServer.Script silent = peer -> {
            peer.answer("ok " + TOKEN + " 50");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(silent);
                DflockdClient other = DflockdClient.builder()
                        .servers(scripted.address())
                        .runtime(runtime)
                        .responseTimeout(ofMillis(200))
                        .build()) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)));
            assertThatThrownBy(lease::release)
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
            assertThat(lease.isHeld()).isFalse();
            await().until(() -> scripted.peers().get(0).ended());
            runtime.promptly(other.lock("other")).close();
            assertThat(scripted.peers()).as("the connection is not used again").hasSize(2);
        }
    }

    @Test
    void rule_06_closing_the_client_wakes_whoever_releases() throws Exception {
        ScriptedServer.Script silent = peer -> {
            peer.answer("ok " + TOKEN + " 50");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(silent)) {
            DflockdClient other = clientOf(scripted.address());
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(50)));
            Background<Boolean> releasing = Background.start(lease::release);
            await().until(() -> scripted.peers().get(0).requests().size() == 2);
            other.close();
            assertThat(releasing.failure()).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    void rule_06_release_while_a_renewal_hangs_takes_the_response_timeout_and_frees_the_slot() throws Exception {
        ScriptedServer.Script hanging = peer -> {
            peer.answer("ok " + TOKEN + " 60");
            peer.hang();
        };
        try (ScriptedServer scripted = new ScriptedServer(hanging);
                DflockdClient other = DflockdClient.builder()
                        .servers(scripted.address())
                        .runtime(runtime)
                        .responseTimeout(ofMillis(500))
                        .build()) {
            Lease lease = runtime.promptly(other.lock("orders").withLease(ofSeconds(60)));
            log.listenTo(lease);
            Background<String> renewing = Background.start(() -> {
                lease.renew();
                return "renewed";
            });
            await().until(() -> scripted.peers().get(0).requests().size() == 2);

            assertThatThrownBy(lease::release).isInstanceOf(ConnectionException.class);

            assertThat(lease.isHeld()).isFalse();
            assertThat(renewing.failure()).isInstanceOf(LeaseLostException.class);
            await().until(() -> scripted.peers().get(0).ended());
            assertThat(log.losses()).as("it was released").isEmpty();
        }
    }

    @Test
    void rule_06_close_hides_no_exception_of_the_body_and_throws_none() throws Exception {
        Lease lease = client.lock("orders").acquire();
        server.close();
        lease.close();
        lease.close();
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void rule_09_closing_the_client_loses_its_leases_and_frees_the_slots() throws Exception {
        Lease lease = client.lock("orders").acquire();
        log.listenTo(lease);
        Enqueued place = client.lock("orders").enqueue();

        client.close();

        assertThat(lease.isHeld()).isFalse();
        assertThat(log.losses()).containsExactly(new LeaseLost("orders", CLIENT_CLOSED));
        assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        assertThat(place.await(ofSeconds(1))).isEmpty();
        assertThat(runtime.running()).isZero();
        try (DflockdClient next = clientOf(server.address())) {
            assertThat(next.lock("orders").acquire().release()).isTrue();
        }
    }

    /** A world in which the watching thread is at a loss until the client that is being closed waits for it. */
    private final class LateLoss extends ForwardingRuntime {

        private final CountDownLatch losing = new CountDownLatch(1);
        private final CountDownLatch joining = new CountDownLatch(1);

        LateLoss() {
            super(runtime);
        }

        @Override
        public RunningThread startThread(String name, Runnable body) {
            RunningThread thread = super.startThread(name, body);
            return timeoutNanos -> {
                if (name.equals("dflockd-watch")) {
                    joining.countDown();
                }
                return thread.join(timeoutNanos);
            };
        }

        @Override
        public Transport connect(ServerAddress address, long timeoutNanos) throws IOException {
            return new ForwardingTransport(super.connect(address, timeoutNanos)) {
                @Override
                public void close() {
                    if (Thread.currentThread().getName().equals("dflockd-watch")) {
                        losing.countDown();
                        awaitLatch(joining);
                    }
                    super.close();
                }
            };
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
    void rule_09_closing_the_client_waits_for_listeners_of_a_loss_that_the_watching_thread_tells_just_then()
            throws Exception {
        LateLoss world = new LateLoss();
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        DflockdClient other = DflockdClient.builder()
                .servers(server.address())
                .runtime(world)
                .defaultLease(ofSeconds(60))
                .build();
        Lease lease = other.lock("orders").acquire();
        lease.onLost(loss -> {
            listening.countDown();
            awaitLatch(blocked);
            log.accept(loss);
        });
        await().until(() -> runtime.running("dflockd-watch") > 0);
        server.reset();
        awaitLatch(world.losing);
        Background<String> closing = Background.start(() -> {
            other.close();
            return "closed";
        });
        awaitLatch(listening);
        await().during(100, MILLISECONDS).until(() -> !closing.isDone());
        blocked.countDown();
        closing.result();
        assertThat(log.reasons()).containsExactly(CONNECTION_LOST);
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void rule_06_closing_the_client_wakes_whoever_waits() throws Exception {
        try (Lease holder = clientOf(server.address()).lock("orders").acquire()) {
            Enqueued place = client.lock("orders").enqueue();
            Background<Lease> acquiring =
                    Background.start(() -> client.lock("orders").acquire());
            Background<Boolean> awaiting =
                    Background.start(() -> place.await(ofSeconds(50)).isPresent());
            await().until(() -> runtime.connects() == 3);

            client.close();

            assertThat(acquiring.failure()).isInstanceOfAny(ConnectionException.class, IllegalStateException.class);
            assertThat(awaiting.failure()).isInstanceOf(ConnectionException.class);
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void rule_06_closing_a_place_from_another_thread_wakes_who_awaits_it() throws Exception {
        try (Lease holder = client.lock("orders").acquire()) {
            Enqueued place = client.lock("orders").enqueue();
            Background<Boolean> awaiting =
                    Background.start(() -> place.await(ofSeconds(50)).isPresent());
            place.close();
            assertThat(awaiting.result()).isFalse();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(holder.release()).isTrue();
        }
        assertThat(client.lock("orders").tryAcquire(ofSeconds(5)).map(Lease::release))
                .contains(true);
    }

    @Test
    void rule_06_interrupted_await_gives_up_the_place() throws Exception {
        Lease holder = client.lock("orders").acquire();
        Enqueued place = client.lock("orders").enqueue();
        Background<Boolean> awaiting =
                Background.start(() -> place.await(ofSeconds(50)).isPresent());
        awaiting.interrupt();
        assertThat(awaiting.failure()).isInstanceOf(InterruptedException.class);
        assertThat(awaiting.interruptedAfter()).isFalse();
        assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        assertThat(holder.release()).isTrue();
        assertThat(client.lock("orders").tryAcquire(ofSeconds(5)).map(Lease::release))
                .contains(true);
    }

    @Test
    void turn_that_has_come_and_gone_is_lost() throws Exception {
        Lease holder = client.lock("orders").acquire();
        try (Enqueued place = client.lock("orders").enqueue()) {
            holder.close();
            server.expireLease("orders");
            assertThat(place.await(ofSeconds(1))).isEmpty();
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        }
    }
}

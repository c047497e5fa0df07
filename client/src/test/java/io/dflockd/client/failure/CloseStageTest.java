package io.dflockd.client.failure;

import static io.dflockd.client.LeaseLost.Reason.CLIENT_CLOSED;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Enqueued;
import io.dflockd.client.ForwardingRuntime;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client is closed at every stage of what it may be doing; waiting, held, enqueued and releasing are in CloseRulesTest. Nothing stays held, nobody hangs. */
@Timeout(60)
class CloseStageTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start();
        client = DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void client_closed_while_idle_closes_its_connections_and_ends_its_threads() throws Exception {
        Lease one = client.lock("one").acquire();
        Lease two = client.lock("two").acquire();
        assertThat(one.release() && two.release()).isTrue();

        client.close();

        assertClosed();
    }

    @Test
    void client_closed_while_connecting_lets_the_caller_go_at_once() {
        server.blackholeConnections();
        for (ThreadKind kind : ThreadKind.here()) {
            SkewedRuntime world = new SkewedRuntime();
            DflockdClient patient = patient(server.address()).runtime(world).build();
            Background<Lease> acquiring = acquire(kind, patient);
            await().until(() -> world.connects() == 1);
            patient.close();
            assertLetGo(acquiring);
        }
        server.acceptConnections();
        assertThat(server.journal().requests()).isEmpty();
    }

    @Test
    void client_closed_just_before_the_caller_connects_lets_him_go_at_once() throws Exception {
        CountDownLatch connecting = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        ClientRuntime late = new ForwardingRuntime(runtime) {
            @Override
            public Transport connect(ServerAddress address, long timeoutNanos, Consumer<Closeable> opening)
                    throws IOException {
                connecting.countDown();
                try {
                    assertThat(closed.await(20, SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return runtime.connect(address, timeoutNanos, opening);
            }
        };
        server.blackholeConnections();
        DflockdClient patient = patient(server.address()).runtime(late).build();
        Background<Lease> acquiring = acquire(ThreadKind.PLATFORM, patient);
        assertThat(connecting.await(20, SECONDS)).isTrue();
        patient.close();
        closed.countDown();
        assertLetGo(acquiring);
        server.acceptConnections();
    }

    @Test
    void client_closed_while_it_shakes_hands_lets_the_caller_go_at_once() throws Exception {
        for (ThreadKind kind : ThreadKind.here()) {
            try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                DflockdClient patient = patient("127.0.0.1:" + silent.getLocalPort())
                        .tls(SSLContext.getDefault())
                        .build();
                Background<Lease> acquiring = acquire(kind, patient);
                try (Socket accepted = silent.accept()) {
                    assertThat(accepted.getInputStream().read())
                            .as("the handshake begins")
                            .isPositive();
                    patient.close();
                    assertLetGo(acquiring);
                }
            }
        }
    }

    private static DflockdClientBuilder patient(String address) {
        return DflockdClient.builder().servers(address).connectTimeout(ofMinutes(5));
    }

    private static Background<Lease> acquire(ThreadKind kind, DflockdClient client) {
        return Background.start(
                kind,
                () -> client.lock("orders").withAcquireTimeout(ofMinutes(5)).acquire());
    }

    private static void assertLetGo(Background<Lease> acquiring) {
        assertThat(acquiring.failure())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("the client is closed");
    }

    @Test
    void client_closed_after_a_grant_that_it_has_not_heard_of_frees_the_lock() {
        FaultHandle stall =
                server.on(Trigger.acquire()).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.stall());
        Background<Lease> acquiring =
                Background.start(() -> client.lock("orders").acquire());
        closeOnce(stall);
        assertThat(acquiring.failure()).isInstanceOf(ConnectionException.class).hasMessageContaining("orders");
        assertClosed();
    }

    @Test
    void client_closed_while_enqueueing_gives_up_the_place() {
        FaultHandle stall =
                server.on(Trigger.enqueue()).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.stall());
        Background<Enqueued> enqueueing =
                Background.start(() -> client.lock("orders").enqueue());
        closeOnce(stall);
        assertThat(enqueueing.failure()).isInstanceOf(ConnectionException.class).hasMessageContaining("orders");
        assertClosed();
    }

    @Test
    void client_closed_while_a_caller_renews_loses_the_lease_once() throws Exception {
        Lease lease = client.lock("orders").acquire();
        log.listenTo(lease);
        FaultHandle stall = server.on(Trigger.renew()).at(Phase.BEFORE_APPLY).then(Effect.stall());
        Background<Boolean> renewing = Background.start(() -> {
            lease.renew();
            return true;
        });
        closeOnce(stall);
        assertThat(renewing.failure()).isInstanceOf(LeaseLostException.class);
        assertThat(log.reasons()).containsExactly(CLIENT_CLOSED);
        assertClosed();
    }

    @Test
    void client_closed_while_it_renews_in_the_background_loses_the_lease_once() throws Exception {
        FaultHandle stall = server.on(Trigger.renew()).at(Phase.BEFORE_APPLY).then(Effect.stall());
        Lease lease =
                runtime.promptly(client.lock("orders").withLease(ofSeconds(30)).withRenewRatio(0.01));
        log.listenTo(lease);
        closeOnce(stall);
        assertThat(lease.isHeld()).isFalse();
        assertThat(log.reasons()).containsExactly(CLIENT_CLOSED);
        assertClosed();
    }

    @Test
    void client_closed_while_a_late_answer_is_waited_for_frees_what_it_grants() throws Exception {
        FaultHandle stall =
                server.on(Trigger.acquire()).at(Phase.AFTER_APPLY_BEFORE_REPLY).then(Effect.stall());
        assertThat(client.lock("orders").tryAcquire(ofMillis(20))).isEmpty();
        closeOnce(stall);
        assertClosed();
    }

    @Test
    void lease_closed_while_a_background_renewal_hangs_throws_nothing_and_frees_the_slot() throws Exception {
        FaultHandle stall = server.on(Trigger.renew()).at(Phase.BEFORE_APPLY).then(Effect.stall());
        try (DflockdClient hasty = DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .responseTimeout(ofMillis(300))
                .build()) {
            Lease lease = runtime.promptly(
                    hasty.lock("orders").withLease(ofSeconds(30)).withRenewRatio(0.01));
            assertThat(stall.awaitFired(ofSeconds(20))).isTrue();
            lease.close();
            assertThat(lease.isHeld()).isFalse();
            stall.release();
            Afterwards.nobodyHolds(server, "orders");
        }
    }

    private void closeOnce(FaultHandle stalled) {
        assertThat(stalled.awaitFired(ofSeconds(20))).isTrue();
        client.close();
        stalled.release();
    }

    private void assertClosed() {
        Afterwards.nobodyHolds(server, "orders");
        await().until(() -> server.state().connections().isEmpty());
        assertThat(runtime.running()).as("threads of the client").isZero();
    }
}

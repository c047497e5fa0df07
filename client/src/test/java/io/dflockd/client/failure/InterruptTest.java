package io.dflockd.client.failure;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interrupts of platform and virtual threads, before, during and just after the grant: an InterruptedException, a cleared flag, and nothing held. */
@Timeout(60)
class InterruptTest {

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LossLog log = new LossLog();
    private FakeDflockdServer server;
    private DflockdClient client;

    static List<ThreadKind> kinds() {
        return ThreadKind.here();
    }

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

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_before_the_request_sends_nothing(ThreadKind kind) {
        Background<Lease> acquiring = Background.start(kind, () -> {
            Thread.currentThread().interrupt();
            return client.lock("orders").acquire();
        });
        assertInterrupted(acquiring);
        Background<Enqueued> enqueueing = Background.start(kind, () -> {
            Thread.currentThread().interrupt();
            return client.lock("orders").enqueue();
        });
        assertInterrupted(enqueueing);
        assertThat(runtime.connects()).isZero();
        assertThat(server.journal().requests()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_while_connecting_ends_the_acquire(ThreadKind kind) {
        server.blackholeConnections();
        Background<Lease> acquiring =
                Background.start(kind, () -> client.lock("orders").acquire());
        await().until(() -> runtime.connects() == 1);

        acquiring.interrupt();

        assertInterrupted(acquiring);
        server.acceptConnections();
        Afterwards.nobodyHolds(server);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_before_the_server_has_seen_the_request_leaves_nothing_behind(ThreadKind kind) throws Exception {
        FaultHandle stall =
                server.on(Trigger.acquire("orders")).at(Phase.BEFORE_APPLY).then(Effect.stall());
        Background<Lease> acquiring =
                Background.start(kind, () -> client.lock("orders").acquire());
        assertThat(stall.awaitFired(ofSeconds(20))).isTrue();

        acquiring.interrupt();

        assertInterrupted(acquiring);
        stall.release();
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_in_the_queue_gives_up_the_place(ThreadKind kind) throws Exception {
        try (Lease holder = client.lock("orders").acquire()) {
            Background<Lease> acquiring =
                    Background.start(kind, () -> client.lock("orders").acquire());
            Enqueued place = client.lock("orders").enqueue();
            Background<Boolean> awaiting =
                    Background.start(kind, () -> place.await(ofSeconds(50)).isPresent());
            Afterwards.awaitQueued(server, 2);

            acquiring.interrupt();
            awaiting.interrupt();

            assertInterrupted(acquiring);
            assertInterrupted(awaiting);
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(holder.release()).isTrue(); // only now V1 finds out that the waiters have gone
        }
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_after_the_grant_that_nobody_heard_of_frees_the_lock(ThreadKind kind) throws Exception {
        FaultHandle stall = server.on(Trigger.acquire("orders"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.stall());
        Background<Lease> acquiring =
                Background.start(kind, () -> client.lock("orders").acquire());
        assertThat(stall.awaitFired(ofSeconds(20))).isTrue();
        assertThat(server.state().held()).hasSize(1);

        acquiring.interrupt();

        assertInterrupted(acquiring);
        stall.release();
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_while_a_grant_is_confirmed_frees_the_lock(ThreadKind kind) throws Exception {
        Lease holder = client.lock("orders").acquire();
        FaultHandle stall = server.on(Trigger.renew("orders"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.stall());
        Enqueued place = client.lock("orders").enqueue();
        Background<Boolean> awaiting =
                Background.start(kind, () -> place.await(ofSeconds(50)).isPresent());
        assertThat(holder.release()).isTrue();
        assertThat(stall.awaitFired(ofSeconds(20))).isTrue();

        awaiting.interrupt();

        assertInterrupted(awaiting);
        stall.release();
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_just_after_the_grant_stays_set_and_the_lease_is_held(ThreadKind kind) throws Exception {
        Background<Lease> acquiring = Background.start(kind, () -> {
            Lease lease = client.lock("orders").acquire();
            Thread.currentThread().interrupt();
            lease.renew();
            lease.ensure(ofSeconds(20));
            return lease;
        });
        Lease lease = acquiring.result();
        assertThat(acquiring.interruptedAfter()).isTrue();
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.release()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_of_a_renew_loses_that_lease_only_and_keeps_the_flag(ThreadKind kind) throws Exception {
        Lease other = client.lock("other").acquire();
        log.listenTo(other);
        Lease lease = client.lock("orders").acquire();
        FaultHandle stall =
                server.on(Trigger.renew("orders")).at(Phase.BEFORE_APPLY).then(Effect.stall());
        Background<Boolean> renewing = Background.start(kind, () -> {
            lease.renew();
            return true;
        });
        assertThat(stall.awaitFired(ofSeconds(20))).isTrue();

        renewing.interrupt();

        assertThat(renewing.failure()).isInstanceOf(LeaseLostException.class);
        assertThat(renewing.interruptedAfter()).isTrue();
        assertThat(other.isHeld()).isTrue();
        assertThat(other.release()).isTrue();
        assertThat(log.losses()).isEmpty();
        stall.release();
        Afterwards.nobodyHolds(server, "orders", "other");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupted_thread_renews_ensures_releases_and_closes_without_losing_anything_else(ThreadKind kind)
            throws Exception {
        Lease[] leases = new Lease[4];
        for (int i = 0; i < leases.length; i++) {
            leases[i] = client.lock("key-" + i).withLease(ofSeconds(9)).acquire();
            leases[i].onLost(log);
        }
        Background<Boolean> working = Background.start(kind, () -> {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 50; i++) {
                leases[0].renew();
                leases[1].ensure(ofSeconds(9));
            }
            leases[2].close();
            return leases[3].release();
        });

        assertThat(working.result()).isTrue();
        assertThat(working.interruptedAfter()).isTrue();
        assertThat(leases[0].isHeld() && leases[1].isHeld()).isTrue();
        assertThat(leases[0].release() && leases[1].release()).isTrue();
        assertThat(log.losses()).isEmpty();
        assertThat(runtime.connects()).isEqualTo(leases.length);
        Afterwards.nobodyHolds(server);
    }

    private static void assertInterrupted(Background<?> call) {
        assertThat(call.failure()).isInstanceOf(InterruptedException.class);
        assertThat(call.interruptedAfter()).as("flag cleared, as the JDK does").isFalse();
    }
}

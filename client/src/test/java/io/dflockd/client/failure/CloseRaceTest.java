package io.dflockd.client.failure;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.Background;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.protocol.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing twice, from other threads, and while anything is going on. */
@Timeout(120)
class CloseRaceTest {

    private static final int ROUNDS = 200;
    private static final int LATEST_NANOS = 3_000_000;

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final SkewedRuntime runtime = new SkewedRuntime();
    private final DflockdClient client = clientOf(runtime);
    private final SplittableRandom random = new SplittableRandom(7);

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void double_close_of_anything_does_nothing() throws Exception {
        Lease lease = client.lock("orders").acquire();
        Enqueued place = client.lock("orders").enqueue();
        DflockdConnection connection = DflockdConnection.connect(server.address());
        for (int i = 0; i < 2; i++) {
            place.close();
            lease.close();
            connection.close();
        }
        assertThat(releases()).isEqualTo(1);
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
        client.close();
        client.close();
        place.close();
        lease.close();
        assertThat(lease.release()).isFalse();
    }

    @Test
    void client_closed_by_another_thread_at_any_moment_leaves_nothing_held_and_no_thread() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            SkewedRuntime mine = new SkewedRuntime();
            DflockdClient closing = clientOf(mine);
            Background<Object> working = Background.start(() -> workUntilClosed(closing));
            Background<Object> queueing = Background.start(() -> queueUntilClosed(closing));
            spin();
            closing.close();
            assertThat(working.failure())
                    .isInstanceOfAny(ConnectionException.class, IllegalStateException.class, LeaseLostException.class);
            assertThat(queueing.failure()).isInstanceOfAny(ConnectionException.class, IllegalStateException.class);
            assertThat(mine.running()).as("threads of the client").isZero();
        }
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    @Test
    void lease_closed_by_several_threads_at_once_is_released_once() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Lease lease = client.lock("orders").acquire();
            CyclicBarrier together = new CyclicBarrier(3);
            List<Background<Boolean>> releasing = new ArrayList<>();
            for (int k = 0; k < 3; k++) {
                releasing.add(Background.start(() -> {
                    together.await();
                    return lease.release();
                }));
            }
            assertThat(releasing.stream().filter(Background::result)).hasSize(1);
        }
        assertThat(releases()).isEqualTo(ROUNDS);
        Afterwards.nobodyHolds(server, "orders");
    }

    @Test
    void lease_closed_by_another_thread_ends_the_renewing_of_its_owner_and_tells_no_loss() throws Exception {
        LossLog log = new LossLog();
        for (int i = 0; i < ROUNDS; i++) {
            Lease lease = client.lock("orders").acquire();
            log.listenTo(lease);
            Background<Object> renewing = Background.start(() -> {
                while (true) {
                    lease.renew();
                }
            });
            spin();
            assertThat(lease.release()).isTrue();
            assertThat(renewing.failure())
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessageContaining("RELEASED");
        }
        assertThat(log.losses()).isEmpty();
        assertThat(runtime.connects()).as("all on the same connection").isEqualTo(1);
        Afterwards.nobodyHolds(server, "orders");
    }

    @Test
    void closed_connection_of_the_low_level_refuses_everything_and_frees_what_it_held() throws Exception {
        DflockdConnection connection = DflockdConnection.connect(server.address());
        connection.acquire("orders", 0);
        Background<Boolean> closing = Background.start(() -> {
            connection.close();
            return true;
        });
        assertThat(closing.result()).isTrue();
        assertThatThrownBy(() -> connection.enqueue("orders")).isInstanceOf(ConnectionException.class);
        Afterwards.nobodyHolds(server, "orders");
    }

    private static Object workUntilClosed(DflockdClient closing) throws InterruptedException {
        while (true) {
            try (Lease lease = closing.lock("orders").acquire()) {
                lease.renew();
            }
        }
    }

    private static Object queueUntilClosed(DflockdClient closing) throws InterruptedException {
        while (true) {
            try (Enqueued place = closing.lock("orders").enqueue()) {
                place.await(ofSeconds(20)).ifPresent(Lease::close);
            }
        }
    }

    private long releases() {
        return server.journal().requests().stream()
                .filter(request -> request.command() instanceof Command.Release)
                .count();
    }

    private void spin() {
        long until = System.nanoTime() + random.nextInt(LATEST_NANOS);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private DflockdClient clientOf(SkewedRuntime world) {
        return DflockdClient.builder().servers(server.address()).runtime(world).build();
    }
}

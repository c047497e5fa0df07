package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ScriptedClient;
import io.dflockd.fake.protocol.Command;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Something in the background fails as nothing should: what the client has begun goes on all the same, or ends for everybody to see. */
@Timeout(60)
class LaneMistakesTest {

    private final SkewedRuntime time = new SkewedRuntime();
    private final AtomicBoolean failing = new AtomicBoolean();

    @Test
    void place_is_kept_alive_after_a_mistake() throws Exception {
        ForwardingRuntime world = new ForwardingRuntime(time) {
            @Override
            public double random() {
                failOnce();
                return super.random();
            }
        };
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client =
                        builder(server, world).serverReadTimeout(ofMillis(400)).build()) {
            server.scriptedClient().ask("l", "orders", "0 600");
            try (Enqueued place = client.lock("orders").enqueue()) {
                failing.set(true);
                await().until(() -> !failing.get());
                long before = renewals(server);
                await().until(() -> renewals(server) > before + 1);
                assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
            }
        }
    }

    @Test
    void place_whose_keepalive_was_left_half_finished_is_lost() throws Exception {
        ForwardingRuntime world = reading(length -> {
            failOnce();
            return length;
        });
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client =
                        builder(server, world).serverReadTimeout(ofMillis(400)).build()) {
            server.scriptedClient().ask("l", "orders", "0 600");
            try (Enqueued place = client.lock("orders").enqueue()) {
                failing.set(true);
                await().until(() -> place.status() == Enqueued.Status.LOST);
            }
            await().until(() -> server.state().queued().isEmpty());
        }
    }

    @Test
    void late_grant_is_given_back_though_nobody_could_read_it() throws Exception {
        ForwardingRuntime world = reading(length -> {
            if (Thread.currentThread().getName().startsWith("dflockd-renewal")) {
                throw new IllegalStateException("by the test");
            }
            return length;
        });
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = builder(server, world).build()) {
            ScriptedClient holder = server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            assertThat(client.lock("orders").tryAcquire(ofMillis(200))).isEmpty();
            holder.close();
            await().until(() -> server.state().isQuiet());
        }
    }

    @Test
    void slot_is_freed_after_a_mistake() throws Exception {
        ForwardingRuntime world = new ForwardingRuntime(time) {
            @Override
            public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
                failOnce();
                return super.connect(server, timeoutNanos);
            }
        };
        FakeOptions options = FakeOptions.defaults().withAutoReleaseOnDisconnect(false);
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client =
                        builder(server, world).serverAutoRelease(false).build()) {
            Lease lease = client.lock("orders")
                    .withLease(ofSeconds(600))
                    .withMaxHold(ofSeconds(100))
                    .acquire();
            failing.set(true);
            time.jump(ofSeconds(100));
            assertThat(lease.isHeld()).isFalse();
            await().until(() -> server.state().isQuiet());
            assertThat(failing).isFalse();
        }
    }

    @Test
    void lease_whose_renewal_ended_in_the_middle_is_lost() throws Exception {
        ForwardingRuntime world = reading(length -> {
            failOnce();
            return length;
        });
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = builder(server, world).build();
                Lease renewed = client.lock("renewed").withLease(ofSeconds(60)).acquire();
                Lease kept = client.lock("kept").withLease(ofSeconds(60)).acquire()) {
            failing.set(true);
            assertThatThrownBy(renewed::renew).isInstanceOf(IllegalStateException.class);
            assertThat(renewed.isHeld()).as("the connection is closed").isFalse();
            assertThat(kept.release()).isTrue();
        }
    }

    private void failOnce() {
        if (failing.compareAndSet(true, false)) {
            throw new IllegalStateException("by the test");
        }
    }

    /** A world in which something comes in between whenever something was read. */
    private ForwardingRuntime reading(UnaryOperator<Integer> then) {
        return new ForwardingRuntime(time) {
            @Override
            public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
                return new ForwardingTransport(super.connect(server, timeoutNanos)) {
                    @Override
                    public int read(byte[] buffer, int offset, int length, long timeout) throws IOException {
                        return then.apply(super.read(buffer, offset, length, timeout));
                    }
                };
            }
        };
    }

    private static long renewals(FakeDflockdServer server) {
        return server.journal().requests().stream()
                .filter(request -> request.command() instanceof Command.Renew)
                .count();
    }

    private static DflockdClientBuilder builder(FakeDflockdServer server, ForwardingRuntime world) {
        return DflockdClient.builder().servers(server.address()).runtime(world);
    }
}

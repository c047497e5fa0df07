package io.dflockd.client.failure;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.ForwardingRuntime;
import io.dflockd.client.Lease;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ScriptedClient;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.log.LogTap;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The system starts no more threads, as when a container has reached its limit: nothing is begun that could not be kept alive, and nothing stays held. */
@Timeout(60)
class NoThreadTest {

    private final Threadless world = new Threadless();

    private static final class Threadless extends ForwardingRuntime {

        volatile boolean refusing = true;
        volatile String kind = "dflockd-";

        private final SkewedRuntime real;
        private final AtomicInteger refused = new AtomicInteger();

        Threadless() {
            this(new SkewedRuntime());
        }

        private Threadless(SkewedRuntime real) {
            super(real);
            this.real = real;
        }

        int refused() {
            return refused.get();
        }

        List<String> started() {
            return real.threadNames();
        }

        @Override
        public RunningThread startThread(String name, Runnable body) {
            if (refusing && name.startsWith(kind)) {
                refused.incrementAndGet();
                throw new InternalError(
                        "unable to create native thread"); // OutOfMemoryError, which JUnit does not survive
            }
            return super.startThread(name, body);
        }
    }

    @Test
    void what_needs_a_thread_is_refused_and_leaves_nothing_held() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), builder -> builder.runtime(world))) {
            assertThatThrownBy(() -> stage.client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("acquire 'orders'")
                    .hasMessageContaining("no thread could be started");
            assertThatThrownBy(() -> stage.client.lock("orders").enqueue())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no thread could be started");
            stage.awaitNothingHeld();
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            assertThatThrownBy(() -> stage.client.lock("orders").enqueue())
                    .as("with a place, not a lease")
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no thread could be started");
            holder.close();
            stage.awaitNothingHeld();
            world.refusing = false;
            stage.assertServes("orders");
        }
    }

    @Test
    void acquire_that_needs_a_thread_leaves_nothing_held_where_closing_frees_nothing() throws Exception {
        FakeOptions options = FakeOptions.defaults().withAutoReleaseOnDisconnect(false);
        try (Stage stage = Stage.open(options, builder -> builder.runtime(world).serverAutoRelease(false))) {
            assertThatThrownBy(() -> stage.client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
            assertThat(stage.server.state().held()).isEmpty();
            assertThatThrownBy(() -> stage.client.lock("orders").enqueue()).isInstanceOf(ConnectionException.class);
            stage.awaitNothingHeld();
        }
    }

    @Test
    void lease_whose_connection_cannot_be_watched_is_held_and_watched_once_there_is_a_thread() throws Exception {
        world.kind = "dflockd-watch";
        try (LogTap tap = LogTap.open();
                Stage stage = Stage.open(FakeOptions.defaults(), builder -> builder.runtime(world)
                        .defaultLease(ofSeconds(60)))) {
            LossLog losses = new LossLog();
            Lease lease = stage.client.lock("orders").acquire();
            losses.listenTo(lease);
            Lease other = stage.client.lock("other").acquire();
            await().until(() -> world.refused() >= 2);
            other.renew();
            await().until(() -> !tap.lines("idle connections cannot be watched").isEmpty());
            assertThat(tap.lines("idle connections cannot be watched")).hasSize(1);
            assertThat(tap.lines()).noneMatch(line -> line.startsWith("ERROR"));
            assertThat(other.release()).isTrue();
            world.refusing = false;
            lease.renew();
            stage.server.close();
            await().until(() -> losses.losses().size() == 1);
        }
    }

    @Test
    void loss_that_no_thread_can_tell_is_told_once_there_is_one() throws Exception {
        world.kind = "dflockd-lost";
        try (Stage stage = Stage.open(
                FakeOptions.defaults(), builder -> builder.runtime(world).defaultLease(ofSeconds(60)))) {
            LossLog losses = new LossLog();
            Lease lease = stage.client.lock("orders").acquire();
            losses.listenTo(lease);
            await().until(() -> world.started().contains("dflockd-watch"));
            stage.server.close();
            await().until(() -> world.refused() >= 2); // asked for again
            assertThat(lease.isHeld()).isFalse();
            assertThat(losses.losses()).isEmpty();
            world.refusing = false;
            await().until(() -> losses.losses().size() == 1);
        }
    }

    @Test
    void late_answer_that_nobody_can_wait_for_is_cancelled() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults(), builder -> builder.runtime(world))) {
            ScriptedClient holder = stage.server.scriptedClient();
            holder.ask("l", "orders", "0 600");
            assertThat(stage.client.lock("orders").tryAcquire(ofMillis(200))).isEmpty();
            holder.close();
            stage.awaitNothingHeld();
        }
    }

    @Test
    void pool_works_without_a_thread_and_drops_what_is_idle_once_there_is_one() throws Exception {
        try (Stage stage = Stage.open(FakeOptions.defaults().withProfile(Profile.V2), builder -> builder.runtime(world)
                .serverReadTimeout(ofSeconds(1)))) {
            stage.client.ping();
            stage.client.ping();
            assertThat(stage.server.state().connections()).hasSize(1);
            world.refusing = false;
            stage.client.ping();
            await().until(() -> stage.server.state().connections().isEmpty());
        }
    }
}

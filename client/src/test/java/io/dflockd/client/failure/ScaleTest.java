package io.dflockd.client.failure;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Ten thousand of everything: what it costs, and that it comes back. */
@Isolated("it counts the threads, files and heap of the whole process")
@Timeout(180)
class ScaleTest {

    private static final int MANY = 10_000;

    private final SkewedRuntime runtime = new SkewedRuntime();

    /** On V2, since V1 keeps the connection of a waiter that has gone until its turn: that would be the server's growth, not ours. */
    @Test
    void ten_thousand_acquires_that_are_cancelled_leave_no_thread_no_descriptor_and_no_heap() throws Exception {
        FakeOptions options = FakeOptions.defaults()
                .withProfile(Profile.V2)
                .withJournalSize(100)
                .withMaxWaiters(0);
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = clientOf(server.address());
                Lease holder = client.lock("orders").withLease(ofMinutes(10)).acquire()) {
            cancel(client, 500);
            Resources before = settled(server);

            for (int i = 0; i < 10; i++) {
                cancel(client, MANY / 10);
            }

            Resources after = settled(server);
            System.out.printf("%d acquire-cancel cycles: %s before, %s after%n", MANY, before, after);
            assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 4);
            assertThat(after.descriptors()).isLessThanOrEqualTo(before.descriptors() + 70); // the pool's, and some
            assertThat(after.heap()).isLessThan(before.heap() + 8_000_000);
            assertThat(holder.release()).isTrue();
            Afterwards.nobodyHolds(server, "orders");
            Afterwards.serves(client, "orders");
        }
    }

    @Test
    void ten_thousand_leases_are_held_at_once_by_few_threads_and_renewed_in_time() throws Exception {
        Resources.requireFiles(MANY + 500);
        try (OtherJvm server = OtherJvm.startServer("--port", "0", "--max-locks", "20000", "--read-timeout", "600");
                DflockdClient client = clientOf(server.address())) {
            // Due every some milliseconds, so that a lane which sleeps in real time sees the jumps.
            Lease waker = client.lock("waker")
                    .withLease(ofMinutes(10))
                    .withRenewRatio(0.00002)
                    .acquire();
            Resources before = Resources.now();
            LossLog log = new LossLog();
            List<Lease> leases = new ArrayList<>(MANY);
            for (int i = 0; i < MANY; i++) {
                Lease lease = client.lock("key-" + i).withLease(ofSeconds(60)).acquire();
                log.listenTo(lease);
                leases.add(lease);
            }
            Resources held = Resources.now();
            for (int round = 0; round < 3; round++) {
                runtime.freeze();
                awaitRenewed(leases, log);
                runtime.jump(
                        ofSeconds(27)); // all are due at once; without renewals none would live through three of these
                runtime.thaw();
                awaitRenewed(leases, log);
            }
            System.out.printf(
                    "%d leases held at once: %s before, %s with them, %d threads of the client at most%n",
                    MANY, before, held, runtime.mostRunning());

            assertThat(log.losses()).isEmpty();
            assertThat(leases).allMatch(Lease::isHeld);
            assertThat(runtime.mostRunning()).as("threads of the client").isLessThanOrEqualTo(20);
            assertThat(held.heap() - before.heap())
                    .as("heap of the leases, their sockets included")
                    .isLessThan(64_000_000);
            assertThat(leases).allMatch(Lease::release);
            assertThat(waker.release()).isTrue();
        }
        assertThat(runtime.running()).as("threads of the client").isZero();
    }

    @Test
    void jvm_exits_though_the_client_was_never_closed() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                OtherJvm program = OtherJvm.start(ForgetfulProgram.class, server.address())) {
            assertThat(program.line()).isEqualTo("held true, QUEUED");

            assertThat(program.exitStatus()).isZero();

            Afterwards.nobodyHolds(server, "orders", "lost");
        }
    }

    private static void awaitRenewed(List<Lease> leases, LossLog log) {
        await().atMost(ofSeconds(60))
                .until(() -> !log.losses().isEmpty()
                        || leases.stream().allMatch(lease -> lease.remaining().compareTo(ofSeconds(40)) > 0));
        assertThat(log.losses()).isEmpty();
    }

    /** Half by a timeout, half by an interrupt, four at a time. */
    private static void cancel(DflockdClient client, int cycles) {
        List<Background<Boolean>> workers = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            workers.add(Background.start(() -> {
                Thread me = Thread.currentThread();
                Semaphore wanted = new Semaphore(0);
                Thread interrupter = new Thread(() -> interruptWhen(wanted, me));
                interrupter.setDaemon(true);
                interrupter.start();
                for (int i = 0; i < cycles / 8; i++) {
                    giveUp(client, ofMillis(1));
                    wanted.release();
                    giveUp(client, ofMinutes(10));
                }
                interrupter.interrupt();
                return true;
            }));
        }
        workers.forEach(Background::result);
    }

    private static void giveUp(DflockdClient client, Duration patience) {
        try {
            Optional<Lease> lease = client.lock("orders").tryAcquire(patience);
            assertThat(lease).isEmpty();
        } catch (InterruptedException e) {
            // This is how it is cancelled.
        }
    }

    /** A little after each wish, so that the acquire is somewhere on its way. */
    private static void interruptWhen(Semaphore wanted, Thread whom) {
        try {
            while (true) {
                wanted.acquire();
                long until = System.nanoTime() + 300_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                whom.interrupt();
            }
        } catch (InterruptedException e) {
            // no more are wanted
        }
    }

    /** Once the late answers are in, and the server has seen who has gone. */
    private Resources settled(FakeDflockdServer server) {
        await().atMost(Afterwards.LIMIT).until(() -> server.state().queued().isEmpty());
        await().atMost(Afterwards.LIMIT).until(() -> runtime.running() <= 4);
        return Resources.now();
    }

    private DflockdClient clientOf(String address) {
        // A renewal that is under way when a test moves the clock is not late by that.
        return DflockdClient.builder()
                .servers(address)
                .runtime(runtime)
                .responseTimeout(ofSeconds(60))
                .serverReadTimeout(ofSeconds(60))
                .build();
    }
}

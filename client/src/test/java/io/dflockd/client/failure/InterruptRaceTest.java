package io.dflockd.client.failure;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An interrupt at any moment of a call is either the exception or the flag, never both, never neither; and no lock stays held that nobody knows of. */
@Timeout(120)
class InterruptRaceTest {

    private static final int ROUNDS = 300;

    /** A round trip takes some tenths of a millisecond, so that all of it is hit. */
    private static final int LATEST_NANOS = 800_000;

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final DflockdClient client = DflockdClient.connect(server.address());
    private final SplittableRandom random = new SplittableRandom(5);
    private int exceptions;
    private int flags;

    static List<ThreadKind> kinds() {
        return ThreadKind.here();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_at_any_moment_of_an_acquire(ThreadKind kind) throws Exception {
        race(kind, () -> Optional.of(lock(kind).acquire()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_at_any_moment_of_enqueue_and_await(ThreadKind kind) throws Exception {
        race(kind, () -> {
            try (Enqueued place = lock(kind).enqueue()) {
                return place.await(ofSeconds(20));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void interrupt_at_any_moment_of_a_wait_whose_turn_comes(ThreadKind kind) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Lease holder = nextHolder(kind);
            Round round = new Round(kind, () -> Optional.of(lock(kind).acquire()));
            spin();
            assertThat(holder.release()).isTrue();
            round.end();
        }
        assertRaced();
    }

    /** A lock that stayed held would keep it waiting; then the server says who has it. */
    private Lease nextHolder(ThreadKind kind) throws InterruptedException {
        try {
            return lock(kind).acquire();
        } catch (AcquireTimeoutException e) {
            throw new AssertionError(server.state() + "\n" + server.journal(), e);
        }
    }

    /** On a virtual thread of JDK 21 to 24 an interrupt may leave the connection open until the lease ends, which is short there for that reason. */
    private DistributedLock lock(ThreadKind kind) {
        return client.lock("orders")
                .withLease(ofSeconds(
                        kind == ThreadKind.VIRTUAL && Runtime.version().feature() < 25 ? 5 : 600));
    }

    private void race(ThreadKind kind, Callable<Optional<Lease>> call) throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            new Round(kind, call).end();
        }
        assertRaced();
    }

    private void assertRaced() throws InterruptedException {
        assertThat(exceptions).as("rounds in which the interrupt was first").isPositive();
        assertThat(flags).as("rounds in which the grant was first").isPositive();
        Afterwards.nobodyHolds(server, "orders");
        Afterwards.serves(client, "orders");
    }

    private void spin() {
        long until = System.nanoTime() + random.nextInt(LATEST_NANOS);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    /** One call and its interrupt. */
    private final class Round {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);
        private final Background<Optional<Lease>> caller;

        Round(ThreadKind kind, Callable<Optional<Lease>> call) throws InterruptedException {
            caller = Background.start(kind, () -> {
                begun.countDown();
                try {
                    return call.call();
                } catch (InterruptedException e) {
                    return Optional.empty();
                } finally {
                    while (interrupted.getCount() > 0) {
                        Thread.onSpinWait(); // until the interrupt has come, whichever was first
                    }
                }
            });
            begun.await();
        }

        void end() {
            spin();
            caller.interrupt();
            interrupted.countDown();
            Optional<Lease> lease = caller.result();
            assertThat(caller.interruptedAfter())
                    .as("the flag, where %s", lease)
                    .isEqualTo(lease.isPresent());
            if (lease.isPresent()) {
                flags++;
                assertThat(lease.get().release()).isTrue();
            } else {
                exceptions++;
            }
        }
    }
}

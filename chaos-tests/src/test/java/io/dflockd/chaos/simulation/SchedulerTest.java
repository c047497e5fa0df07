package io.dflockd.chaos.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual time, hand-over, locks, and what happens when somebody breaks the rules. */
@SuppressWarnings({"LockNotBeforeTry", "WaitNotInLoop"}) // the lock and its condition are what is tested
class SchedulerTest {

    private static final long SECOND = 1_000_000_000L;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> seen = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS))
                .as("no thread is left")
                .isTrue();
    }

    @Test
    void actors_wake_in_the_order_of_their_deadlines_and_no_real_time_passes() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1));
        scheduler.run(() -> {
            List<Actor> sleepers = new ArrayList<>();
            for (int hours : new int[] {3, 1, 2}) {
                sleepers.add(scheduler.start("sleeper", new SimulatedProcess("p"), () -> {
                    scheduler.park(600L * hours * SECOND);
                    seen.add(hours + " at " + scheduler.now() / SECOND);
                }));
            }
            sleepers.forEach(sleeper -> scheduler.join(sleeper, Long.MAX_VALUE));
        });

        assertThat(seen).containsExactly("1 at 600", "2 at 1200", "3 at 1800");
    }

    @Test
    void the_same_seed_gives_the_same_interleaving_and_another_seed_another() {
        List<String> first = interleaving(7);
        List<String> again = interleaving(7);
        List<String> other = interleaving(8);

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
    }

    private List<String> interleaving(long seed) {
        List<String> order = new ArrayList<>();
        Scheduler scheduler = new Scheduler(threads, new Choices(seed));
        scheduler.run(() -> {
            Lock lock = new SimulatedLock(scheduler);
            List<Actor> actors = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                actors.add(scheduler.start(name, new SimulatedProcess(name), () -> {
                    for (int i = 0; i < 20; i++) {
                        lock.lock();
                        order.add(name);
                        lock.unlock();
                    }
                }));
            }
            actors.forEach(actor -> scheduler.join(actor, Long.MAX_VALUE));
        });
        assertThat(order).hasSize(60);
        return order;
    }

    @Test
    void a_condition_wakes_by_signal_and_by_time() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1));
        scheduler.run(() -> {
            Lock lock = new SimulatedLock(scheduler);
            Condition changed = lock.newCondition();
            Actor waiter = scheduler.start("waiter", new SimulatedProcess("p"), () -> {
                lock.lock();
                try {
                    long left = changed.awaitNanos(5 * SECOND);
                    seen.add(left > 0 ? "signalled" : "timed out");
                    left = changed.awaitNanos(5 * SECOND);
                    seen.add(left > 0 ? "signalled" : "timed out");
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    lock.unlock();
                }
            });
            scheduler.park(SECOND);
            lock.lock();
            changed.signalAll();
            lock.unlock();
            scheduler.join(waiter, Long.MAX_VALUE);
        });

        assertThat(seen).containsExactly("signalled", "timed out");
    }

    @Test
    void a_paused_process_does_not_run_until_the_pause_is_over() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1));
        SimulatedProcess process = new SimulatedProcess("p");
        scheduler.run(() -> {
            Actor sleeper = scheduler.start("sleeper", process, () -> {
                scheduler.park(SECOND);
                seen.add("woke at " + scheduler.now() / SECOND);
            });
            process.pauseUntil(9 * SECOND);
            scheduler.join(sleeper, Long.MAX_VALUE);
        });

        assertThat(seen).containsExactly("woke at 9");
    }

    @Test
    void a_deadlock_fails_the_run_and_names_who_waits() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1));

        assertThatThrownBy(() -> scheduler.run(() -> scheduler.park(Long.MAX_VALUE)))
                .hasMessageContaining("deadlock")
                .hasMessageContaining("main/main");
    }

    @Test
    void an_exception_of_an_actor_fails_the_run() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1));

        assertThatThrownBy(() -> scheduler.run(() -> {
                    scheduler.start("bad", new SimulatedProcess("p"), () -> {
                        throw new IllegalArgumentException("on purpose");
                    });
                    scheduler.park(SECOND);
                }))
                .hasRootCauseMessage("on purpose");
    }

    @Test
    void an_actor_that_blocks_outside_the_simulator_fails_the_run_with_its_stack() {
        Scheduler scheduler = new Scheduler(threads, new Choices(1), 1);
        CountDownLatch escaped = new CountDownLatch(1);
        try {
            assertThatThrownBy(() -> scheduler.run(() -> awaitForReal(escaped)))
                    .hasMessageContaining("main/main blocks outside the simulator")
                    .cause()
                    .satisfies(cause -> assertThat(cause.getStackTrace())
                            .anyMatch(frame -> frame.getMethodName().equals("awaitForReal")));
        } finally {
            escaped.countDown();
        }
    }

    private static void awaitForReal(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

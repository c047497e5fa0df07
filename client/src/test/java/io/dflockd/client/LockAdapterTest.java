package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A lock or semaphore behind the interface of the JDK. */
@SuppressWarnings("LockNotBeforeTry") // what becomes of a lock that is kept, lost or refused is what is tested
class LockAdapterTest {

    private final FakeDflockdServer server = FakeDflockdServer.start();
    private final DflockdClient client = DflockdClient.connect(server.address());
    private final Lock lock = client.lock("orders").asLock();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void rule_16_every_way_to_lock_holds_the_key_until_unlock() throws Exception {
        List<Way> ways = List.of(
                () -> {
                    lock.lock();
                    return true;
                },
                () -> {
                    lock.lockInterruptibly();
                    return true;
                },
                lock::tryLock,
                () -> lock.tryLock(1, TimeUnit.SECONDS),
                () -> lock.tryLock(0, TimeUnit.SECONDS),
                () -> lock.tryLock(-7, TimeUnit.SECONDS),
                () -> lock.tryLock(Long.MIN_VALUE, TimeUnit.DAYS),
                () -> lock.tryLock(Long.MAX_VALUE, TimeUnit.DAYS));
        for (Way way : ways) {
            assertThat(way.lock()).isTrue();
            assertThat(server.state().held()).hasSize(1);
            lock.unlock();
            assertThat(server.state().isQuiet()).isTrue();
        }
    }

    @Test
    void rule_16_trying_a_held_key_is_false_at_once_or_after_its_time() throws Exception {
        try (Lease holder = client.lock("orders").acquire()) {
            assertThat(lock.tryLock()).isFalse();
            assertThat(lock.tryLock(20, TimeUnit.MILLISECONDS)).isFalse();
            assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void rule_16_only_the_thread_that_locked_can_unlock() {
        lock.lock();
        assertThat(Background.start(this::unlock).failure())
                .isInstanceOf(IllegalMonitorStateException.class)
                .hasMessageContaining("test-background")
                .hasMessageContaining("orders");
        assertThat(server.state().held()).hasSize(1);
        lock.unlock();
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void rule_16_a_second_lock_by_the_same_thread_is_refused_and_costs_nothing() {
        Lock gpu = client.semaphore("gpu", 3).asLock();
        for (Lock each : List.of(lock, gpu)) {
            each.lock();
            assertThatIllegalStateException().isThrownBy(each::lock).withMessageContaining("not reentrant");
            assertThatIllegalStateException().isThrownBy(each::lockInterruptibly);
            assertThatIllegalStateException().isThrownBy(each::tryLock);
            assertThatIllegalStateException().isThrownBy(() -> each.tryLock(1, TimeUnit.SECONDS));
            assertThat(server.state().held()).hasSize(1);
            each.unlock();
            each.lock();
            each.unlock();
        }
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void rule_16_unlock_of_a_lost_lease_says_so_once() throws Exception {
        lock.lock();
        loseIt();
        assertThatThrownBy(lock::unlock)
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("unlock 'orders' at " + server.address());
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
        assertThat(lock.tryLock()).isTrue();
        lock.unlock();
    }

    @Test
    void rule_16_lock_keeps_trying_through_timeouts() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (ScriptedServer script = new ScriptedServer(peer -> {
                    for (String request = peer.read(); request != null; request = peer.read()) {
                        boolean tooEarly = request.startsWith("l|") && tries.incrementAndGet() % 3 != 0;
                        peer.send((tooEarly ? "timeout" : ScriptedServer.Peer.usual(request)) + "\n");
                    }
                });
                DflockdClient scripted = DflockdClient.builder()
                        .servers(script.address())
                        .acquireTimeout(ofMillis(1))
                        .defaultLease(Duration.ofSeconds(33))
                        .build()) {
            Lock patient = scripted.lock("orders").asLock();
            patient.lock();
            patient.unlock();
            patient.lockInterruptibly();
            patient.unlock();
            assertThat(patient.tryLock(1, TimeUnit.SECONDS))
                    .as("a try ends with its timeout")
                    .isFalse();
            assertThat(script.peers().get(0).requests())
                    .startsWith("l|orders|60 33", "l|orders|60 33", "l|orders|60 33");
            assertThat(tries).hasValue(7);
        }
    }

    @Test
    void rule_16_lock_does_not_hide_a_lost_server() {
        server.close();
        assertThatThrownBy(lock::lock).isInstanceOf(ConnectionException.class);
        assertThatThrownBy(lock::tryLock).isInstanceOf(ConnectionException.class);
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void rule_16_interrupts_end_the_interruptible_ways_and_no_others() throws Exception {
        Thread.currentThread().interrupt();
        lock.lock();
        assertThat(Thread.interrupted()).as("lock() keeps the flag").isTrue();
        lock.unlock();

        Thread.currentThread().interrupt();
        assertThat(lock.tryLock()).isTrue();
        assertThat(Thread.currentThread().isInterrupted()).as("tryLock() too").isTrue();
        lock.unlock();
        assertThat(Thread.interrupted()).as("unlock() too").isTrue();

        Thread.currentThread().interrupt();
        assertThatThrownBy(lock::lockInterruptibly).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> lock.tryLock(1, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void rule_16_lock_waits_on_after_an_interrupt_and_keeps_the_flag() throws Exception {
        Lease holder = client.lock("orders").acquire();
        Background<Boolean> waiting = Background.start(() -> {
            lock.lock();
            return Thread.currentThread().isInterrupted();
        });
        awaitRequests(2);
        waiting.interrupt();
        awaitRequests(3);
        assertThat(waiting.isDone()).isFalse();
        holder.release();
        assertThat(waiting.result()).isTrue();
    }

    @Test
    void rule_16_interrupt_ends_a_waiting_lock_interruptibly() throws Exception {
        try (Lease holder = client.lock("orders").acquire()) {
            Background<Boolean> waiting = Background.start(() -> {
                lock.lockInterruptibly();
                return true;
            });
            awaitRequests(2);
            waiting.interrupt();
            assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
            assertThat(waiting.interruptedAfter()).isFalse();
            assertThat(holder.isHeld()).isTrue();
        }
    }

    @Test
    void rule_16_many_threads_share_one_adapter() {
        requireAtMost(1, lock);
        requireAtMost(3, client.semaphore("gpu", 3).asLock());
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void rule_16_threads_hold_different_slots_at_the_same_time() {
        Lock gpu = client.semaphore("gpu", 3).asLock();
        CyclicBarrier all = new CyclicBarrier(3);
        List<Background<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            threads.add(Background.start(() -> {
                gpu.lock();
                try {
                    return all.await(10, TimeUnit.SECONDS);
                } finally {
                    gpu.unlock();
                }
            }));
        }
        assertThat(threads).extracting(Background::result).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(server.state().isQuiet()).isTrue();
    }

    @Test
    void rule_16_conditions_are_not_supported_and_settings_apply() {
        assertThatThrownBy(lock::newCondition)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("orders");
        Lock long60 = client.lock("orders").withLease(Duration.ofSeconds(60)).asLock();
        long60.lock();
        assertThat(server.journal().requests().get(0).lines()).containsExactly("l", "orders", "60 60");
        long60.unlock();
        assertThat(long60).hasToString("Lock[orders at " + server.address() + "]");
    }

    private void requireAtMost(int limit, Lock shared) {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Background<Boolean>> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Background.start(() -> {
                for (int turn = 0; turn < 20; turn++) {
                    shared.lock();
                    try {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        assertThat(server.state().held()).hasSizeBetween(1, limit);
                        inside.decrementAndGet();
                    } finally {
                        shared.unlock();
                    }
                }
                return true;
            }));
        }
        assertThat(threads).extracting(Background::result).containsOnly(true);
        assertThat(most.get()).isBetween(1, limit);
    }

    private boolean unlock() {
        lock.unlock();
        return true;
    }

    private void awaitRequests(int count) {
        await().until(() -> server.journal().requests().size() >= count);
    }

    private void loseIt() throws InterruptedException {
        server.expireLease("orders");
        try (DflockdClient other = DflockdClient.connect(server.address())) {
            other.lock("orders").acquire().close();
        }
    }

    private interface Way {
        boolean lock() throws Exception;
    }
}

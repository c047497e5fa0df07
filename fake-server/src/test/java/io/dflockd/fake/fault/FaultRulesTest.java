package io.dflockd.fake.fault;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.expireLease;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FaultRulesTest {

    private final AtomicLong clock = new AtomicLong();
    private final List<FaultEvent> events = new ArrayList<>();
    private final FaultRules rules = newRules(1);

    private FaultRules newRules(long seed) {
        return new FaultRules(new ReentrantLock(), new LoneHost(), clock::get, events::add, seed);
    }

    @Test
    void nothing_is_armed_before_then() {
        rules.on(acquire()).at(BEFORE_APPLY);

        assertThat(rules.match(1, 1, acquireOf("a"))).isEmpty();
    }

    @Test
    void a_fault_strikes_once_by_default() {
        FaultHandle fault = rules.on(acquire()).at(BEFORE_APPLY).then(close());

        assertThat(rules.match(1, 1, acquireOf("a"))).contains(fault);
        assertThat(rules.match(1, 1, acquireOf("a"))).isEmpty();
    }

    @Test
    void the_first_match_wins_and_the_second_waits() {
        FaultHandle first = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());
        FaultHandle second = rules.on(anyCommand()).at(BEFORE_APPLY).then(reset());

        assertThat(rules.match(1, 1, acquireOf("a"))).contains(first);
        assertThat(rules.match(1, 1, acquireOf("a"))).contains(second);
    }

    @Test
    void a_removed_fault_does_not_come_back() {
        FaultHandle fault = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());
        fault.remove();
        fault.always();

        assertThat(matches("a", 1)).isEmpty();
        assertThat(rules.unused()).isEmpty();
    }

    @Test
    void a_trigger_looks_at_command_key_pattern_and_connection() {
        FaultHandle fault = rules.on(acquire().keyMatching("or.*s").connection(2))
                .at(BEFORE_APPLY)
                .then(close());

        assertThat(rules.match(1, 1, acquireOf("orders"))).isEmpty();
        assertThat(rules.match(2, 1, acquireOf("orders2"))).isEmpty();
        assertThat(rules.match(2, 1, new Command.Stats())).isEmpty();
        assertThat(rules.match(2, 1, acquireOf("orders"))).contains(fault);
    }

    @Test
    void a_semaphore_command_is_the_same_command() {
        FaultHandle fault = rules.on(renew("a")).at(BEFORE_APPLY).then(close());

        Command semaphoreRenew = new Command.Renew(Family.SEMAPHORE, Key.of("a"), "t", OptionalLong.empty());

        assertThat(rules.match(1, 1, semaphoreRenew)).contains(fault);
    }

    @Test
    void what_has_not_struck_is_unused() {
        FaultHandle missed =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).forNext(ofSeconds(1));
        FaultHandle met = rules.on(acquire("b")).at(BEFORE_APPLY).then(close()).always();
        FaultHandle armed = rules.on(acquire("c")).at(BEFORE_APPLY).then(close());
        clock.set(ofSeconds(2).toNanos());

        assertThat(matches("b", 1)).containsExactly(met);
        rules.strike(met, 5, 2, 1, Optional.of(acquireOf("b")));

        assertThat(rules.unused()).containsExactly(missed, armed);
        assertThat(missed).hasToString("acquire a BEFORE_APPLY: Close[]");
    }

    @Test
    void what_a_blocked_request_has_taken_is_unused_until_it_strikes() {
        FaultHandle once = rules.on(acquire("a")).at(AFTER_APPLY_BEFORE_REPLY).then(close());
        FaultHandle twice = rules.on(acquire("b"))
                .at(AFTER_APPLY_BEFORE_REPLY)
                .then(close())
                .times(2);
        matches("a", 1);
        matches("b", 1);
        assertThat(rules.unused()).containsExactlyInAnyOrder(once, twice);

        rules.strike(once, 5, 2, 1, Optional.of(acquireOf("a")));
        rules.strike(twice, 5, 2, 1, Optional.of(acquireOf("b")));

        assertThat(rules.unused()).isEmpty();
        FaultHandle again = rules.on(acquire("c")).at(AFTER_APPLY_BEFORE_REPLY).then(close());
        matches("c", 1);
        assertThat(again.times(2)).satisfies(armed -> assertThat(rules.unused()).containsExactly(armed));
        assertThat(again.times(1)).satisfies(spent -> assertThat(rules.unused()).containsExactly(spent));
    }

    @Test
    void what_is_given_back_keeps_its_place_among_the_others() {
        FaultHandle first = rules.on(acquire("a")).at(WHILE_QUEUED).then(close());
        FaultHandle second = rules.on(acquire("a")).at(BEFORE_APPLY).then(reset());
        assertThat(matches("a", 1)).containsExactly(first);

        rules.giveBack(first);

        assertThat(matches("a", 2)).containsExactly(first, second);
    }

    @Test
    void what_is_given_back_after_it_was_removed_or_cleared_is_not_armed_again() {
        FaultHandle removed = rules.on(acquire("a")).at(WHILE_QUEUED).then(close());
        assertThat(matches("a", 1)).containsExactly(removed);
        removed.remove();
        rules.giveBack(removed);
        assertThat(matches("a", 1)).isEmpty();

        FaultHandle cleared = rules.on(acquire("a")).at(WHILE_QUEUED).then(close());
        assertThat(matches("a", 1)).containsExactly(cleared);
        rules.clear();
        rules.giveBack(cleared);
        cleared.always();

        assertThat(rules.isAnyArmed()).isFalse();
        assertThat(rules.unused()).isEmpty();
    }

    @Test
    void clear_forgets_everything() {
        FaultHandle fault = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());

        rules.clear();

        assertThat(rules.unused()).isEmpty();
        assertThat(matches("a", 1)).isEmpty();
        fault.always();
        assertThat(matches("a", 1)).as("a handle of earlier times").isEmpty();
    }

    @Test
    void the_sink_hears_of_a_strike() {
        FaultHandle fault = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());
        assertThat(fault.firedAt()).isEmpty();

        rules.strike(fault, 5, 2, 7, Optional.of(acquireOf("a")));

        assertThat(events).containsExactly(new FaultEvent(5, 2, 7, Optional.of(acquireOf("a")), BEFORE_APPLY, close()));
        assertThat(fault.fired()).isEqualTo(1);
        assertThat(fault.firedAt()).hasValue(5);
    }

    @Test
    void an_expiry_strikes_only_requests_with_a_key() {
        rules.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(expireLease()).always();

        assertThat(rules.match(1, 1, new Command.Stats())).isEmpty();
        assertThat(rules.match(1, 1, new Command.Malformed("x"))).isEmpty();
        assertThat(rules.match(1, 1, acquireOf("a"))).isPresent();
    }

    @Test
    @Timeout(20)
    void await_fired_wakes_up_and_gives_up() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        FaultRules shared = new FaultRules(lock, new LoneHost(), clock::get, FaultSink.NONE, 1);
        FaultHandle fault = shared.on(acquire("a")).at(BEFORE_APPLY).then(close());
        assertThat(fault.awaitFired(Duration.ofMillis(1))).isFalse();

        AtomicBoolean woken = new AtomicBoolean();
        Thread waiter = new Thread(() -> woken.set(fault.awaitFired(ofSeconds(10))));
        waiter.start();
        lock.lock();
        try {
            shared.strike(fault, 0, 1, 1, Optional.of(acquireOf("a")));
        } finally {
            lock.unlock();
        }
        waiter.join(10_000);

        assertThat(woken).isTrue();
    }

    @Test
    @Timeout(20)
    void an_interrupt_ends_await_fired_and_stays_set() throws InterruptedException {
        FaultHandle fault = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch done = new CountDownLatch(1);
        Thread waiter = new Thread(() -> {
            fault.awaitFired(ofSeconds(10));
            interrupted.set(Thread.currentThread().isInterrupted());
            done.countDown();
        });
        waiter.start();
        waiter.interrupt();
        done.await();

        assertThat(interrupted).isTrue();
    }

    private List<FaultHandle> matches(String key, int requests) {
        List<FaultHandle> struck = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            Optional<FaultHandle> fault = rules.match(1, 1, acquireOf(key));
            fault.ifPresent(struck::add);
        }
        return struck;
    }

    private static Command acquireOf(String key) {
        return new Command.Acquire(Family.LOCK, Key.of(key), 0, 1, OptionalLong.empty());
    }
}

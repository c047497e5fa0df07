package io.dflockd.fake.fault;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** Which of the matches of a fault are struck. */
class ScheduleTest {

    private final AtomicLong clock = new AtomicLong();
    private final FaultRules rules = newRules(1);

    private FaultRules newRules(long seed) {
        return new FaultRules(new ReentrantLock(), new LoneHost(), clock::get, FaultSink.NONE, seed);
    }

    @Test
    void times_always_and_for_next_say_how_often() {
        FaultHandle twice =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).times(2);
        FaultHandle always =
                rules.on(acquire("b")).at(BEFORE_APPLY).then(close()).always();
        FaultHandle aWhile =
                rules.on(acquire("c")).at(BEFORE_APPLY).then(close()).forNext(ofSeconds(1));

        assertThat(matches("a", 3)).containsExactly(twice, twice);
        assertThat(matches("b", 3)).containsExactly(always, always, always);
        assertThat(matches("c", 2)).containsExactly(aWhile, aWhile);
        clock.set(ofSeconds(1).toNanos());
        assertThat(matches("c", 1)).isEmpty();
    }

    @Test
    void times_counts_what_was_struck_before_it_was_said() {
        FaultHandle fault = rules.on(acquire("a")).at(BEFORE_APPLY).then(close());
        assertThat(matches("a", 1)).hasSize(1);

        fault.times(2);

        assertThat(matches("a", 3)).hasSize(1);
    }

    @Test
    void the_nth_match_is_the_first_struck() {
        FaultHandle fault = rules.on(acquire("a").nth(3)).at(BEFORE_APPLY).then(close());

        assertThat(matches("a", 2)).isEmpty();
        assertThat(matches("b", 5)).isEmpty();
        assertThat(matches("a", 1)).containsExactly(fault);
    }

    @Test
    void chance_comes_from_the_seed() {
        List<Integer> first = chances(newRules(7));

        assertThat(chances(newRules(7))).isEqualTo(first);
        assertThat(first.size()).isBetween(20, 80);
    }

    private static List<Integer> chances(FaultRules rules) {
        rules.on(acquire().probability(0.5)).at(BEFORE_APPLY).then(close()).always();
        List<Integer> struck = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            if (rules.match(1, 1, acquireOf("a")).isPresent()) {
                struck.add(i);
            }
        }
        return struck;
    }

    @Test
    void the_first_are_let_through() {
        FaultHandle fault =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).succeedFirst(2);

        assertThat(matches("a", 2)).isEmpty();
        assertThat(matches("a", 3)).containsExactly(fault, fault, fault);
    }

    @Test
    void every_nth_is_struck() {
        FaultHandle fault =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).failEvery(3);

        assertThat(matches("a", 2)).isEmpty();
        assertThat(matches("a", 1)).containsExactly(fault);
        assertThat(matches("a", 2)).isEmpty();
        assertThat(matches("a", 1)).containsExactly(fault);
    }

    @Test
    void an_outage_begins_and_ends_at_its_time() {
        FaultHandle fault =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).outage(ofSeconds(2), ofSeconds(3));

        assertThat(matches("a", 1)).isEmpty();
        clock.set(ofSeconds(2).toNanos() - 1);
        assertThat(matches("a", 1)).isEmpty();
        clock.set(ofSeconds(2).toNanos());
        assertThat(matches("a", 2)).containsExactly(fault, fault);
        clock.set(ofSeconds(5).toNanos() - 1);
        assertThat(matches("a", 1)).containsExactly(fault);
        clock.set(ofSeconds(5).toNanos());
        assertThat(matches("a", 1)).isEmpty();
        assertThat(rules.isAnyArmed()).isFalse();
    }

    @Test
    void the_last_schedule_counts() {
        FaultHandle fault =
                rules.on(acquire("a")).at(BEFORE_APPLY).then(close()).always();

        fault.times(1);

        assertThat(matches("a", 3)).containsExactly(fault);
    }

    @Test
    void after_a_clear_the_chances_are_those_of_the_seed_again() {
        List<Integer> first = chances(rules);
        rules.clear();

        assertThat(chances(rules)).isEqualTo(first);
    }

    @Test
    void an_idle_fault_looks_at_idle_connections_when_it_is_armed_and_when_its_schedule_changes() {
        LoneHost host = new LoneHost();
        FaultRules idle = new FaultRules(new ReentrantLock(), host, clock::get, FaultSink.NONE, 1);

        FaultHandle fault = idle.on(anyCommand()).at(Phase.IDLE).then(close());
        assertThat(host.idleFaults).isEqualTo(1);
        fault.always();
        assertThat(host.idleFaults).isEqualTo(2);

        idle.on(anyCommand()).at(BEFORE_APPLY).then(close()).always();
        assertThat(host.idleFaults).isEqualTo(2);
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

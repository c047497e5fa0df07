package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.Trigger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** One advance of the manual clock: everything on the way happens at its own instant, in the order of deadlines. */
class AdvanceTest {

    private final ManualTime clock = new ManualTime();
    private final List<EngineEvent> events = new ArrayList<>();
    private final EngineDriver driver = new EngineDriver(
            FakeOptions.defaults()
                    .withManualClock()
                    .withReadTimeout(Duration.ofSeconds(400))
                    .withEvents(events::add),
            clock);

    @Test
    void hundreds_of_waits_end_each_at_its_deadline() {
        send(accept(), "l\na\n0 1000\n");
        List<TestWire> waiters = IntStream.rangeClosed(1, 300)
                .mapToObj(seconds -> waiting("a", 301 - seconds))
                .toList();
        events.clear();

        driver.advance(Duration.ofMinutes(5));

        assertThat(ends())
                .isEqualTo(LongStream.rangeClosed(1, 300)
                        .map(seconds -> Duration.ofSeconds(seconds).toNanos())
                        .boxed()
                        .toList());
        assertThat(waiters).allMatch(wire -> wire.lines().equals(List.of("timeout")));
        assertThat(clock.nanos()).isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void what_is_due_a_nanosecond_later_is_not_yet() {
        send(accept(), "l\na\n0 1000\n");
        TestWire waiter = waiting("a", 2);

        driver.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(waiter.lines()).isEmpty();
        driver.advance(Duration.ofNanos(1));

        assertThat(waiter.lines()).containsExactly("timeout");
    }

    @Test
    void equal_deadlines_are_met_in_the_order_in_which_they_were_set() {
        send(accept(), "l\na\n0 1000\n");
        IntStream.range(0, 50).forEach(i -> waiting("a", 5));
        events.clear();

        driver.advance(Duration.ofSeconds(5));

        assertThat(events.stream()
                        .filter(EngineEvent.Dropped.class::isInstance)
                        .map(event -> ((EngineEvent.Dropped) event).conn()))
                .isSorted()
                .hasSize(50);
    }

    @Test
    void sweeps_waits_delays_of_faults_and_silences_share_one_queue() {
        driver.faults()
                .on(Trigger.acquire("slow"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.latency(Duration.ofMillis(1_500)));
        List<String> order = new ArrayList<>();
        told(order, "slow", "l\nslow\n0 1000\n");
        told(order, "holder", "l\na\n0 2\n");
        told(order, "swept", "l\na\n9 1000\n");
        told(order, "waiter", "l\na\n1\n");
        order.clear();

        driver.advance(Duration.ofDays(999_999_999));

        assertThat(order)
                .startsWith("waiter at PT1S", "slow at PT1.5S", "swept at PT2S", "holder at PT6M40S")
                .endsWith("swept at PT6M42S");
        assertThat(clock.nanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void to_an_instant_it_goes_on_the_same_way() {
        send(accept(), "l\na\n0 1000\n");
        TestWire waiter = waiting("a", 2);
        clock.moveTo(1);

        driver.advanceTo(2_000_000_000L - 1);
        assertThat(waiter.lines()).isEmpty();
        driver.advanceTo(5_000_000_000L);

        assertThat(waiter.lines()).containsExactly("timeout");
        assertThat(ends()).containsExactly(2_000_000_000L);
        assertThat(driver.nanos()).isEqualTo(5_000_000_000L);
    }

    @Test
    void the_instant_is_the_server_s_with_the_jumps_that_it_made() {
        driver.tampering().jump(Duration.ofSeconds(10));

        driver.advanceTo(12_000_000_000L);

        assertThat(driver.nanos()).isEqualTo(12_000_000_000L);
        assertThat(clock.nanos()).isEqualTo(2_000_000_000L);
    }

    @Test
    void a_jump_on_the_way_brings_it_further_and_not_back() {
        send(accept(), "l\na\n0 1000\n");
        driver.faults()
                .on(Trigger.anyCommand())
                .at(Phase.AFTER_REPLY)
                .then(StateEffect.clockJump(Duration.ofSeconds(60)));
        waiting("a", 2);

        driver.advanceTo(3_000_000_000L);

        assertThat(driver.nanos()).isEqualTo(62_000_000_000L);
        assertThat(clock.nanos()).isEqualTo(2_000_000_000L);
    }

    @Test
    void it_does_not_go_back() {
        driver.advance(Duration.ofNanos(5));
        driver.advanceTo(5);

        assertThatThrownBy(() -> driver.advanceTo(4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("time does not go back: it is 5 ns already, and not 4; ");
    }

    @Test
    void the_system_s_clock_cannot_be_moved_to_an_instant_either() {
        EngineDriver system = new EngineDriver(FakeOptions.defaults(), TimeSource.SYSTEM);

        assertThatThrownBy(() -> system.advanceTo(Long.MAX_VALUE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("start it with a manual one");
    }

    /** A peer that notes when it is written to. */
    private void told(List<String> order, String name, String request) {
        TestWire wire = new TestWire();
        wire.onWrite = () -> order.add(name + " at " + Duration.ofNanos(driver.now()));
        send(driver.accept(wire), request);
    }

    private TestWire waiting(String key, int seconds) {
        TestWire wire = new TestWire();
        send(driver.accept(wire), "l\n" + key + "\n" + seconds + "\n");
        return wire;
    }

    private List<Long> ends() {
        return events.stream()
                .filter(EngineEvent.Dropped.class::isInstance)
                .map(EngineEvent::at)
                .toList();
    }

    private Session accept() {
        return driver.accept(new TestWire());
    }

    private static void send(Session to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.received(bytes, 0, bytes.length);
    }
}

package io.dflockd.fake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.engine.TimerQueue.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerQueueTest {

    private final TimerQueue timers = new TimerQueue();
    private final List<String> ran = new ArrayList<>();

    @Test
    void timers_run_by_deadline_and_then_by_arming() {
        arm("c", 3);
        arm("a1", 1);
        arm("b", 2);
        arm("a2", 1);

        runAll();

        assertThat(ran).containsExactly("a1", "a2", "b", "c");
        assertThat(timers.nextDeadline()).isEmpty();
    }

    @Test
    void what_is_never_to_happen_is_not_due_at_the_end_of_time() {
        timers.schedule(Deadline.NEVER, at -> ran.add("never"));

        assertThat(timers.isDue(Deadline.NEVER)).isFalse();
    }

    @Test
    void a_timer_is_told_when_it_runs() {
        timers.schedule(5, at -> ran.add("at " + at));

        timers.runFirst(7);

        assertThat(ran).containsExactly("at 7");
    }

    @Test
    void a_cancelled_timer_does_not_run_and_may_be_cancelled_again() {
        Timer timer = arm("a", 1);
        arm("b", 2);

        timers.cancel(timer);
        timers.cancel(timer);
        runAll();

        assertThat(ran).containsExactly("b");
    }

    @Test
    void cleared_timers_may_still_be_cancelled() {
        Timer timer = arm("a", 1);

        timers.clear();
        arm("b", 1);
        timers.cancel(timer);
        runAll();

        assertThat(ran).containsExactly("b");
    }

    @Test
    void any_order_of_arming_and_cancelling_keeps_the_order() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            List<Armed> left = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                if (random.nextInt(3) == 0 && !left.isEmpty()) {
                    timers.cancel(left.remove(random.nextInt(left.size())).timer);
                } else {
                    long deadline = random.nextInt(20);
                    left.add(new Armed(deadline, i, arm(deadline + "/" + i, deadline)));
                }
            }
            left.sort(Comparator.comparingLong(Armed::deadline).thenComparingInt(Armed::number));
            ran.clear();

            runAll();

            assertThat(ran)
                    .containsExactlyElementsOf(
                            left.stream().map(t -> t.deadline + "/" + t.number).toList());
        }
    }

    private record Armed(long deadline, int number, Timer timer) {}

    private Timer arm(String name, long deadline) {
        return timers.schedule(deadline, at -> ran.add(name));
    }

    private void runAll() {
        while (timers.earliest() != Deadline.NEVER) {
            timers.runFirst(timers.earliest());
        }
    }
}

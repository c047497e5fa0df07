package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TaskHeapTest {

    private static final class Named extends LaneTask {
        @Override
        void run() {}
    }

    @Test
    void gives_out_in_order_of_time_and_then_of_arrival_whatever_was_moved_or_removed() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            TaskHeap heap = new TaskHeap();
            List<Named> expected = new ArrayList<>();
            for (int i = 0; i < random.nextInt(60); i++) {
                Named task = new Named();
                heap.put(task, Long.MAX_VALUE - 5 + random.nextInt(10)); // past the overflow of the clock
                expected.add(task);
                if (random.nextInt(3) == 0) {
                    Named other = expected.remove(random.nextInt(expected.size()));
                    heap.remove(other);
                    heap.remove(other);
                    if (random.nextBoolean()) {
                        heap.put(other, Long.MAX_VALUE + random.nextInt(5));
                        expected.add(other);
                    }
                }
            }
            expected.sort(Comparator.<Named>comparingLong(task -> task.due - Long.MAX_VALUE)
                    .thenComparingLong(task -> task.order));

            List<LaneTask> given = new ArrayList<>();
            for (LaneTask first = heap.first(); first != null; first = heap.first()) {
                heap.remove(first);
                assertThat(first.place).isEqualTo(-1);
                given.add(first);
            }

            assertThat(given).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void what_is_postponed_comes_in_its_order_once_unless_it_was_removed_or_taken_at_its_time() {
        TaskHeap heap = new TaskHeap();
        Named removed = new Named();
        Named scheduled = new Named();
        Named taken = new Named();
        Named last = new Named();
        for (Named task : List.of(removed, scheduled, taken, last, last)) {
            heap.postpone(task);
        }
        heap.remove(removed);
        heap.put(scheduled, 5);
        heap.put(taken, 3);
        heap.remove(taken);

        assertThat(heap.pollPostponed()).isSameAs(scheduled);
        assertThat(heap.first()).as("it is run now, so not at its time").isNull();
        assertThat(heap.pollPostponed()).isSameAs(last);
        assertThat(heap.pollPostponed()).isNull();
    }

    @Test
    void all_are_cleared_once_the_postponed_too() {
        TaskHeap heap = new TaskHeap();
        Named both = new Named();
        Named postponed = new Named();
        heap.postpone(both);
        heap.put(both, 5);
        heap.postpone(postponed);

        assertThat(heap.clear()).containsExactly(both, postponed);
        assertThat(heap.first()).isNull();
        assertThat(heap.pollPostponed()).isNull();
    }
}

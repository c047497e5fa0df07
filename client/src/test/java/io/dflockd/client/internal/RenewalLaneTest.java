package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.log.LogTap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lane alone, on a clock that is moved by hand: what is done late, and what is done at all, whatever the tasks do (DESIGN section 4, rule 9). */
@Timeout(60)
class RenewalLaneTest {

    private static final long STALL = RenewalLane.STALL;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MOST_THAT_WAIT = 16;
    private static final int MOST_ADOPTED = 8;

    private final HandRuntime runtime = new HandRuntime();
    private final RenewalLane lane = new RenewalLane(runtime, "server");
    private final CountDownLatch answer = new CountDownLatch(1);

    /** Never waits. */
    private final class Noted extends LaneTask {

        final List<Long> late = new CopyOnWriteArrayList<>();

        @Override
        void run() {
            late.add(runtime.nanoTime() - due);
        }
    }

    /** Waits for an answer, unless it must not. */
    private static final class Stalled extends LaneTask {

        final CountDownLatch answer;
        final AtomicInteger begun = new AtomicInteger();
        final AtomicInteger brief = new AtomicInteger();

        Stalled(CountDownLatch answer) {
            this.answer = answer;
        }

        @Override
        void run() {
            begun.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        boolean runBriefly() {
            brief.incrementAndGet();
            return false;
        }
    }

    /** Fails so often. */
    private static final class Failing extends LaneTask {

        final AtomicInteger runs = new AtomicInteger();
        final int failures;
        final boolean again;

        Failing(int failures, boolean again) {
            this.failures = failures;
            this.again = again;
        }

        @Override
        void run() {
            if (runs.incrementAndGet() <= failures) {
                throw new InternalError("by the test");
            }
        }

        @Override
        boolean runsAgain() {
            return again;
        }
    }

    @AfterEach
    void close() {
        answer.countDown();
        lane.close();
        assertThat(lane.join(runtime.nanoTime() + 10 * SECOND)).isTrue();
    }

    @Test
    void what_never_waits_comes_in_time_however_many_connections_stall() {
        List<Stalled> stalled = stall(40);
        for (int quarter = 1; quarter <= 3 * 4; quarter++) {
            Noted noted = new Noted();
            lane.schedule(noted, runtime.nanoTime() + SECOND / 4);

            runtime.advance(SECOND / 4);

            await().until(() -> noted.late.size() == 1);
            assertThat(noted.late.get(0)).isLessThanOrEqualTo(STALL);
        }
        assertThat(begun(stalled)).isEqualTo(MOST_THAT_WAIT);
        assertThat(runtime.running()).isLessThanOrEqualTo(MOST_THAT_WAIT + 1);
        assertThat(stalled).as("of those in line, one look").allMatch(task -> task.brief.get() <= 1);
        await().until(() -> stalled.stream().allMatch(task -> task.begun.get() + Math.min(1, task.brief.get()) == 1));
    }

    @Test
    void what_was_only_looked_at_is_done_by_the_first_thread_that_comes_back() {
        CountDownLatch first = new CountDownLatch(1);
        Stalled one = new Stalled(first);
        lane.schedule(one, runtime.nanoTime());
        await().until(() -> one.begun.get() == 1);
        List<Stalled> stalled = stall(MOST_THAT_WAIT + 2, MOST_THAT_WAIT - 1);
        await().until(() -> brief(stalled) >= 3);

        first.countDown();

        await().until(() -> begun(stalled) == MOST_THAT_WAIT); // and no time had to pass
        answer.countDown();
        await().until(() -> {
            runtime.advance(STALL);
            return begun(stalled) == MOST_THAT_WAIT + 2;
        });
        await().until(() -> {
            runtime.advance(SECOND);
            return runtime.running() == 0;
        });
    }

    @Test
    void what_is_in_line_already_keeps_an_earlier_time() {
        Noted noted = new Noted();
        long now = runtime.nanoTime();
        lane.schedule(noted, now + 10 * MILLI);
        lane.schedule(noted, now + SECOND);
        runtime.advance(10 * MILLI);
        await().until(() -> noted.late.size() == 1);

        lane.schedule(noted, now + SECOND);
        lane.schedule(noted, now + 20 * MILLI);
        runtime.advance(10 * MILLI);
        await().until(() -> noted.late.size() == 2);

        runtime.advance(SECOND);
        awaitRest();
        assertThat(noted.late).containsExactly(0L, 0L);
    }

    @Test
    void task_that_fails_runs_again_after_a_pause_if_it_wants_to() {
        Failing wanted = new Failing(2, true);
        Failing unwanted = new Failing(1, false);
        try (LogTap tap = LogTap.open()) {
            lane.schedule(wanted, runtime.nanoTime());
            lane.schedule(unwanted, runtime.nanoTime());
            awaitRest();
            assertThat(List.of(wanted.runs.get(), unwanted.runs.get())).containsOnly(1);
            runtime.advance(199 * MILLI);
            awaitRest();
            assertThat(wanted.runs).hasValue(1);
            runtime.advance(MILLI);
            awaitRest();
            assertThat(wanted.runs).hasValue(2);
            runtime.advance(200 * MILLI);
            awaitRest();
            assertThat(wanted.runs).hasValue(3);
            runtime.advance(SECOND);
            awaitRest();
            assertThat(tap.lines("a mistake in the client"))
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("ERROR") && line.contains("by the test"));
        }
        assertThat(wanted.runs).hasValue(3);
        assertThat(unwanted.runs).hasValue(1);
    }

    @Test
    void task_that_is_tried_again_keeps_no_other_from_its_time() {
        Stalled waker = new Stalled(new CountDownLatch(1));
        lane.schedule(waker, runtime.nanoTime());
        await().until(() -> waker.begun.get() == 1);
        AtomicInteger runs = new AtomicInteger();
        LaneTask failing = new LaneTask() {
            @Override
            void run() {
                if (runs.incrementAndGet() == 1) {
                    throw new IllegalStateException("by the test");
                }
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            boolean runsAgain() {
                return true;
            }
        };
        lane.schedule(new Noted(), runtime.nanoTime() + STALL);
        runtime.advance(STALL); // by a second thread, because the first one stalls
        waker.answer.countDown();
        await().until(() -> runtime.resting() == 2);
        lane.schedule(new Noted(), runtime.nanoTime() + 10 * SECOND);
        await().until(() -> runtime.resting() == 2);
        lane.schedule(failing, runtime.nanoTime());
        await().until(() -> runs.get() == 1 && runtime.resting() == 2);
        Noted noted = new Noted();
        lane.schedule(noted, runtime.nanoTime() + 201 * MILLI);

        runtime.advance(200 * MILLI);
        await().until(() -> runs.get() == 2);
        runtime.advance(MILLI + STALL);

        await().until(() -> noted.late.size() == 1);
        assertThat(noted.late.get(0)).isLessThanOrEqualTo(STALL);
    }

    @Test
    void interrupt_that_a_task_leaves_behind_does_not_reach_the_next_one() {
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            lane.schedule(
                    new LaneTask() {
                        @Override
                        void run() {
                            interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                            Thread.currentThread().interrupt();
                        }
                    },
                    runtime.nanoTime());
        }
        Noted last = new Noted();
        lane.schedule(last, runtime.nanoTime());
        await().until(() -> last.late.size() == 1);
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void task_that_fails_after_it_said_when_to_come_again_keeps_that_time() {
        AtomicInteger runs = new AtomicInteger();
        LaneTask task = new LaneTask() {
            @Override
            void run() {
                if (runs.incrementAndGet() == 1) {
                    lane.schedule(this, runtime.nanoTime() + SECOND);
                    throw new IllegalStateException("by the test");
                }
            }

            @Override
            boolean runsAgain() {
                return true;
            }
        };
        lane.schedule(task, runtime.nanoTime());
        awaitRest();
        runtime.advance(SECOND - MILLI);
        awaitRest();
        assertThat(runs).hasValue(1);
        runtime.advance(MILLI);
        await().until(() -> runs.get() == 2);
    }

    @Test
    void task_whose_failure_cannot_even_be_dealt_with_is_tried_again() {
        AtomicInteger runs = new AtomicInteger();
        LaneTask task = new LaneTask() {
            @Override
            void run() {
                if (runs.incrementAndGet() == 1) {
                    throw new InternalError("by the test");
                }
            }

            @Override
            boolean runsAgain() {
                throw new InternalError("by the test, too");
            }
        };
        lane.schedule(task, runtime.nanoTime());
        awaitRest();
        runtime.advance(200 * MILLI);
        awaitRest();
        assertThat(runs).hasValue(2);
    }

    @Test
    void adopted_tasks_give_their_places_back_whether_they_fail_or_could_not_begin() {
        runtime.refuse(true);
        for (int i = 0; i < 2 * MOST_ADOPTED; i++) {
            assertThat(lane.adopt(new Adopted(answer))).as("without a thread").isFalse();
        }
        runtime.refuse(false);
        List<Adopted> first = adoptAll();
        assertThat(lane.adopt(new Adopted(answer))).as("one too many").isFalse();

        first.forEach(task -> task.answer.countDown());
        await().until(() -> first.stream().allMatch(task -> task.runs.get() == 1));
        awaitRest();
        assertThat(lane.adopt(new Adopted(answer))).as("they want to run again").isFalse();
        runtime.advance(200 * MILLI);

        await().until(() -> first.stream().allMatch(task -> task.runs.get() == 2));
        await().until(() -> lane.adopt(new Adopted(answer)));
    }

    private List<Adopted> adoptAll() {
        List<Adopted> adopted = new ArrayList<>();
        for (int i = 0; i < MOST_ADOPTED; i++) {
            adopted.add(new Adopted(new CountDownLatch(1)));
            assertThat(lane.adopt(adopted.get(i))).isTrue();
        }
        return adopted;
    }

    /** Fails the first time. */
    private static final class Adopted extends LaneTask {

        final CountDownLatch answer;
        final AtomicInteger runs = new AtomicInteger();

        Adopted(CountDownLatch answer) {
            this.answer = answer;
        }

        @Override
        boolean waits() {
            return true;
        }

        @Override
        void run() {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("by the test");
            }
        }

        @Override
        boolean runsAgain() {
            return runs.get() == 1;
        }
    }

    @Test
    void without_a_thread_and_none_to_be_had_nothing_is_taken() {
        Noted refused = new Noted();
        try (LogTap tap = LogTap.open()) {
            runtime.refuse(true);
            assertThat(lane.schedule(refused, runtime.nanoTime())).isFalse();
            assertThat(lane.schedule(refused, runtime.nanoTime())).isFalse();
            runtime.refuse(false);
            lane.schedule(new Noted(), runtime.nanoTime());
            awaitRest();
            assertThat(refused.late).isEmpty();
            assertThat(tap.lines("no thread"))
                    .singleElement()
                    .asString()
                    .startsWith("ERROR")
                    .contains("unable to create native thread");
        }
    }

    @Test
    void without_another_thread_the_task_waits_for_one_that_runs() {
        Stalled stalled = new Stalled(answer);
        lane.schedule(stalled, runtime.nanoTime());
        await().until(() -> stalled.begun.get() == 1);
        Noted noted = new Noted();
        try (LogTap tap = LogTap.open()) {
            runtime.refuse(true);
            assertThat(lane.schedule(noted, runtime.nanoTime())).isTrue();
            assertThat(lane.schedule(new Noted(), runtime.nanoTime() - 1)).isTrue();
            answer.countDown();
            await().until(() -> noted.late.size() == 1);
            assertThat(tap.lines("no thread")).hasSize(1);

            runtime.refuse(false);
            Stalled again = new Stalled(new CountDownLatch(1));
            lane.schedule(again, runtime.nanoTime());
            lane.schedule(new Noted(), runtime.nanoTime() + SECOND);
            await().until(() -> again.begun.get() == 1 && runtime.running() == 2);
            again.answer.countDown();
        }
    }

    @Test
    void thread_that_is_not_needed_any_more_sees_to_it_that_the_others_wake_in_time() {
        Stalled one = new Stalled(new CountDownLatch(1));
        Stalled two = new Stalled(new CountDownLatch(1));
        Stalled three = new Stalled(new CountDownLatch(1));
        for (Stalled task : List.of(one, two, three)) {
            lane.schedule(task, runtime.nanoTime());
            await().until(() -> task.begun.get() == 1 || runtime.resting() == 1);
            runtime.advance(STALL);
            await().until(() -> task.begun.get() == 1);
        }
        lane.schedule(new Noted(), runtime.nanoTime() + 10 * SECOND);
        one.answer.countDown();
        two.answer.countDown();
        await().until(() -> runtime.running() == 3 && runtime.resting() == 2);
        Stalled last = new Stalled(answer);
        lane.schedule(last, runtime.nanoTime() - STALL); // late already
        await().until(() -> last.begun.get() == 1 && runtime.resting() == 1);
        three.answer.countDown();
        await().until(() -> runtime.running() == 3 && runtime.resting() == 2);
        Noted noted = new Noted();
        lane.schedule(noted, runtime.nanoTime() + 10 * MILLI);
        await().until(() -> runtime.resting() == 2);

        answer.countDown(); // with which the reason to wait for a stall is gone
        await().until(() -> runtime.running() == 2 && runtime.resting() == 2);
        runtime.advance(10 * MILLI);

        await().until(() -> noted.late.size() == 1);
    }

    private List<Stalled> stall(int tasks) {
        return stall(tasks, MOST_THAT_WAIT);
    }

    private List<Stalled> stall(int tasks, int begun) {
        List<Stalled> stalled = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            stalled.add(new Stalled(answer));
            lane.schedule(stalled.get(i), runtime.nanoTime());
        }
        runtime.advance(STALL);
        await().until(() -> begun(stalled) == begun);
        return stalled;
    }

    private static int begun(List<Stalled> tasks) {
        return tasks.stream().mapToInt(task -> task.begun.get()).sum();
    }

    private static int brief(List<Stalled> tasks) {
        return tasks.stream().mapToInt(task -> task.brief.get()).sum();
    }

    /** Nothing runs, so that whatever is due by now has been done. */
    private void awaitRest() {
        await().until(() -> runtime.running() == runtime.resting());
    }
}

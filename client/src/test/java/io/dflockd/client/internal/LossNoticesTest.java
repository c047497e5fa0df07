package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.Background;
import io.dflockd.client.ForwardingRuntime;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.log.LogTap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads that tell of losses: DESIGN section 4, rule 5. */
@Timeout(60)
class LossNoticesTest {

    private final World world = new World();
    private final LossNotices notices = new LossNotices(world);
    private final LossLog log = new LossLog();

    private static final class World extends ForwardingRuntime {

        final AtomicInteger started = new AtomicInteger();
        final CountDownLatch left = new CountDownLatch(1);
        volatile boolean refusing;
        volatile CountDownLatch mayEnd = new CountDownLatch(0);

        World() {
            super(new SkewedRuntime());
        }

        @Override
        public RunningThread startThread(String name, Runnable body) {
            if (refusing) {
                throw new InternalError("unable to create native thread"); // the JDK: OutOfMemoryError
            }
            started.incrementAndGet();
            return super.startThread(name, () -> {
                body.run();
                left.countDown();
                awaitLatch(mayEnd);
            });
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void tell(String key) {
        notices.tell(List.of(log), new LeaseLost(key, LeaseLost.Reason.EXPIRED));
    }

    private List<String> told() {
        return log.losses().stream().map(LeaseLost::key).sorted().toList();
    }

    private boolean join() {
        return notices.join(world.nanoTime() + TimeUnit.SECONDS.toNanos(20));
    }

    @Test
    void without_a_thread_a_notice_waits_for_the_next_one_and_the_log_says_so_once() {
        try (LogTap tap = LogTap.open()) {
            world.refusing = true;
            tell("a");
            tell("b");
            assertThat(tap.lines("no thread could be started")).hasSize(1).allMatch(line -> line.startsWith("ERROR"));
            world.refusing = false;
            tell("c");
            await().until(() -> told().equals(List.of("a", "b", "c")));
        }
    }

    @Test
    void without_a_further_thread_a_notice_is_told_by_one_that_runs() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        notices.tell(
                List.of(loss -> {
                    running.countDown();
                    awaitLatch(blocked);
                }),
                new LeaseLost("slow", LeaseLost.Reason.EXPIRED));
        awaitLatch(running);
        world.refusing = true;
        tell("a");
        tell("b");
        assertThat(told()).isEmpty();
        blocked.countDown();
        await().until(() -> told().equals(List.of("a", "b")));
    }

    @Test
    void further_thread_that_could_not_be_started_is_asked_for_again_while_another_is_blocked() {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        notices.tell(
                List.of(loss -> {
                    running.countDown();
                    awaitLatch(blocked);
                }),
                new LeaseLost("slow", LeaseLost.Reason.EXPIRED));
        awaitLatch(running);
        world.refusing = true;
        tell("a");
        assertThat(notices.callAgain()).isTrue();
        world.refusing = false;
        assertThat(notices.callAgain()).isFalse();
        await().until(() -> told().equals(List.of("a")));
        blocked.countDown();
    }

    @Test
    void thread_that_could_not_be_started_is_asked_for_again() {
        world.refusing = true;
        tell("a");
        assertThat(notices.callAgain()).isTrue();
        world.refusing = false;
        assertThat(notices.callAgain()).isFalse();
        await().until(() -> told().equals(List.of("a")));
        assertThat(world.started).hasValue(1);
    }

    @Test
    void what_was_to_be_told_is_told_when_the_client_is_closed_even_if_there_was_no_thread_before() {
        world.refusing = true;
        tell("a");
        tell("b");
        world.refusing = false;
        assertThat(join()).isTrue();
        assertThat(told()).containsExactly("a", "b");
        assertThat(notices.offer(() -> log.accept(new LeaseLost("c", LeaseLost.Reason.EXPIRED))))
                .isFalse();
    }

    @Test
    void join_waits_for_a_thread_that_has_nothing_to_tell_any_more_and_has_not_ended() {
        world.mayEnd = new CountDownLatch(1);
        tell("a");
        awaitLatch(world.left);
        Background<Boolean> joining = Background.start(this::join);
        await().during(100, TimeUnit.MILLISECONDS).until(() -> !joining.isDone());
        world.mayEnd.countDown();
        assertThat(joining.result()).isTrue();
    }

    @Test
    void join_waits_for_all_threads_of_which_some_have_ended() {
        for (int i = 0; i < 3; i++) {
            String key = "key-" + i;
            tell(key);
            await().until(() -> told().contains(key));
        }
        assertThat(join()).isTrue();
        assertThat(join()).isTrue();
    }
}

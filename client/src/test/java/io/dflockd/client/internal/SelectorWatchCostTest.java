package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the selector below the watch does not let anybody wait for: a release, and the news of a loss. DESIGN section 4, rules 4 and 11. */
@Timeout(60)
class SelectorWatchCostTest extends WatchedPairs {

    @Test
    void all_ends_are_told_before_the_first_of_them_is_closed() throws Exception {
        List<SocketChannel> channels = new ArrayList<>();
        List<Boolean> allOpen = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Pair pair = connect();
            channels.add(pair.channel());
            pair.here().watch(watch, over -> {
                pair.here().close();
                allOpen.add(channels.stream().allMatch(SocketChannel::isOpen));
            });
            pair.there().close();
        }
        await().until(() -> {
            watch.await(SOON);
            return watch.isEmpty();
        });
        assertThat(allOpen).hasSize(100).doesNotContain(false);
        assertThat(channels).noneMatch(SocketChannel::isOpen);
    }

    @Test
    void what_is_still_to_be_closed_is_closed_with_the_watch() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, over -> {
            pair.here().close();
            told.add(over);
        });
        pair.there().close();
        await().until(() -> {
            watch.await(SOON);
            return !told.isEmpty();
        });
        assertThat(pair.channel().isOpen()).isTrue();
        watch.close();
        assertThat(pair.channel().isOpen()).isFalse();
    }

    @Test
    void another_thread_closes_at_once_while_an_end_is_told() throws Exception {
        Pair pair = connect();
        List<Boolean> openAfter = new ArrayList<>();
        pair.here().watch(watch, over -> {
            Future<?> closing = threads.submit(pair.here()::close);
            await().until(closing::isDone);
            openAfter.add(pair.channel().isOpen());
        });
        pair.there().close();
        await().until(() -> {
            watch.await(SOON);
            return !openAfter.isEmpty();
        });
        assertThat(openAfter).containsExactly(false);
    }

    @Test
    void whoever_leaves_writes_at_once_and_only_the_read_waits_for_the_watching_thread() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        pair.here().unwatch(); // nobody awaits
        pair.here().write(new byte[] {'x'}, 0, 1);
        assertThat(pair.there().getInputStream().read()).isEqualTo('x');
        byte[] answer = new byte[1];
        Future<Integer> reading = threads.submit(() -> pair.here().read(answer, 0, 1, TimeUnit.SECONDS.toNanos(50)));
        pair.there().getOutputStream().write('y');
        assertThatThrownBy(() -> reading.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        watch.await(TimeUnit.SECONDS.toNanos(10));
        assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(answer[0]).isEqualTo((byte) 'y');
        assertThat(told).as("an answer is no noise").isEmpty();
        assertThat(pair.here().isQuiet()).isTrue();
    }

    @Test
    void what_is_too_much_for_a_write_without_waiting_is_written_when_the_connection_is_back() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        byte[] much = new byte[32 * 1024 * 1024];
        Future<?> writing = threads.submit(() -> {
            pair.here().unwatch();
            pair.here().write(much, 0, much.length);
            return "written";
        });
        Future<?> unused = startAwaiting();
        assertThat(pair.there().getInputStream().readNBytes(much.length)).hasSize(much.length);
        writing.get(10, TimeUnit.SECONDS);
        assertThat(told).isEmpty();
    }

    @Test
    void whoever_leaves_while_the_channel_is_listened_to_waits_with_the_write() throws Exception {
        Pair pair = connect();
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch heard = new CountDownLatch(1);
        WatchedChannel.Ear slow = () -> {
            listening.countDown();
            awaitUninterruptibly(heard);
            return WatchedChannel.Noise.NONE;
        };
        Future<?> unused = startAwaiting();
        WatchedChannel stay = watch.add(pair.channel(), slow, told::add);
        pair.there().getOutputStream().write('x');
        awaitUninterruptibly(listening);
        Future<?> leaving = threads.submit(() -> {
            stay.beginToLeave();
            return "may write";
        });
        assertThatThrownBy(() -> leaving.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        heard.countDown();
        leaving.get(10, TimeUnit.SECONDS);
        assertThat(told).isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void answers_that_come_while_the_connection_is_given_back_are_neither_noise_nor_lost() throws Exception {
        Future<?> awaiting = startAwaiting();
        Pair pair = connect();
        Future<?> echo = threads.submit(() -> {
            for (int read = pair.there().getInputStream().read();
                    read >= 0;
                    read = pair.there().getInputStream().read()) {
                pair.there().getOutputStream().write(read);
            }
            return "end of stream";
        });
        byte[] one = new byte[1];
        for (int i = 0; i < 5000; i++) {
            pair.here().watch(watch, told::add);
            if (i % 3 == 0) {
                await().pollInterval(1, TimeUnit.MICROSECONDS)
                        .until(() -> !pair.channel().isBlocking());
            }
            pair.here().unwatch();
            one[0] = (byte) i;
            pair.here().write(one, 0, 1);
            assertThat(pair.here().read(one, 0, 1, TimeUnit.SECONDS.toNanos(10)))
                    .isEqualTo(1);
            assertThat(one[0]).isEqualTo((byte) i);
        }
        pair.here().close();
        echo.get(10, TimeUnit.SECONDS);
        assertThat(told).isEmpty();
        assertThat(awaiting.isDone()).as("the awaiting thread is well").isFalse();
    }
}

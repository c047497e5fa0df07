package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The selector below the watch: DESIGN section 4, rule 11. */
@Isolated("it counts the files that the whole process has open")
@Timeout(60)
class SelectorWatchTest {

    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(50);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Boolean> told = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private SelectorWatch watch;
    private volatile boolean ending;

    @BeforeEach
    void start() throws IOException {
        watch = new SelectorWatch();
    }

    @AfterEach
    void close() throws Exception {
        ending = true;
        watch.wakeUp();
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        watch.close();
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A connection, seen from both ends. */
    private record Pair(SocketTransport here, SocketChannel channel, Socket there) {}

    private Pair connect() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel channel = SocketTransport.connect(
                    listener.getInetAddress(), listener.getLocalPort(), TimeUnit.SECONDS.toNanos(10));
            SocketTransport here = new SocketTransport(channel);
            Socket there = listener.accept();
            open.add(here);
            open.add(there);
            return new Pair(here, channel, there);
        }
    }

    private Future<?> startAwaiting() {
        return threads.submit(() -> {
            while (!ending) {
                watch.await(TimeUnit.SECONDS.toNanos(10));
            }
            return "ended";
        });
    }

    @Test
    void noise_is_told_once_and_the_connection_is_its_owners_again() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        assertThat(watch.isEmpty()).isFalse();
        pair.there().getOutputStream().write('x');
        await().until(() -> {
            watch.await(SOON);
            return !told.isEmpty();
        });
        watch.await(SOON);
        assertThat(told).containsExactly(true);
        assertThat(watch.isEmpty()).isTrue();
        pair.here().unwatch();
        assertThat(pair.here().isQuiet()).as("the byte was heard").isFalse();
    }

    @Test
    void noise_from_before_is_told_too() throws Exception {
        Pair pair = connect();
        pair.there().close();
        pair.here().watch(watch, told::add);
        await().until(() -> {
            watch.await(SOON);
            return !told.isEmpty();
        });
        assertThat(told).containsExactly(true);
    }

    @Test
    void connection_that_is_closed_while_it_is_watched_is_told_and_its_descriptor_given_back() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        int before = descriptors();
        pair.here().close();
        watch.await(TimeUnit.SECONDS.toNanos(10));
        assertThat(told).containsExactly(true);
        assertThatThrownBy(() -> pair.here().unwatch()).isInstanceOf(IOException.class);
        assumeTrue(before > 0, "somebody tells the open files");
        assertThat(descriptors()).isLessThan(before);
    }

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
    void whoever_leaves_is_not_told() throws Exception {
        Future<?> unused = startAwaiting();
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        pair.here().unwatch();
        pair.there().getOutputStream().write('x');
        await().until(() -> !pair.here().isQuiet());
        pair.here().close();
        assertThat(told).isEmpty();
    }

    @Test
    void interrupted_thread_leaves_all_the_same_and_keeps_its_flag() throws Exception {
        Future<?> unused = startAwaiting();
        Pair pair = connect();
        for (int i = 0; i < 100; i++) {
            pair.here().watch(watch, told::add);
            Thread.currentThread().interrupt();
            pair.here().unwatch();
            assertThat(pair.here().isQuiet()).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
        pair.there().getOutputStream().write('x');
        assertThat(pair.here().read(new byte[1], 0, 1, TimeUnit.SECONDS.toNanos(10)))
                .isEqualTo(1);
    }

    @Test
    void interrupt_of_the_awaiting_thread_harms_no_connection() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        Thread.currentThread().interrupt();
        watch.await(SOON);
        assertThat(Thread.interrupted()).isFalse();
        watch.await(SOON);
        assertThat(told).isEmpty();
        watch.close();
        pair.here().unwatch();
        assertThat(pair.here().isQuiet()).isTrue();
    }

    @Test
    void closing_wakes_whoever_leaves_while_nobody_awaits() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        Future<?> leaving = threads.submit(() -> {
            pair.here().unwatch();
            return pair.here().read(new byte[1], 0, 1, TimeUnit.SECONDS.toNanos(50));
        });
        assertThatThrownBy(() -> leaving.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(Exception.class);
        pair.here().close();
        assertThatThrownBy(() -> leaving.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AsynchronousCloseException.class);
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

    @Test
    void end_of_the_watch_gives_everything_back() throws Exception {
        Pair pair = connect();
        pair.here().watch(watch, told::add);
        watch.await(SOON);
        watch.close();
        watch.close();
        pair.here().unwatch();
        assertThat(pair.here().isQuiet()).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void thousands_of_stays_race_with_noise_and_ends() throws Exception {
        Future<?> awaiting = startAwaiting();
        int before = descriptors();
        List<Future<Integer>> owners = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            owners.add(threads.submit(() -> {
                int exchanges = 0;
                for (int round = 0; round < 20; round++) {
                    exchanges += exchangeUntilTheEnd(round % 2 == 0);
                }
                return exchanges;
            }));
        }
        int exchanges = 0;
        for (Future<Integer> owner : owners) {
            exchanges += owner.get(50, TimeUnit.SECONDS);
        }
        assertThat(exchanges).isEqualTo(4 * 20 * 100);
        await().until(() -> told.size() == 4 * 20);
        await().until(() -> descriptors() <= before);
        assertThat(awaiting.isDone()).as("the awaiting thread is well").isFalse();
    }

    /** A hundred exchanges with watching in between, and then an end by either side while it is watched. */
    @SuppressWarnings("ThreadPriorityCheck") // any scheduling is right, and many are wanted
    private int exchangeUntilTheEnd(boolean byPeer) throws Exception {
        byte[] one = {'x'};
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketTransport here = new SocketTransport(SocketTransport.connect(
                        listener.getInetAddress(), listener.getLocalPort(), TimeUnit.SECONDS.toNanos(10)));
                Socket there = listener.accept()) {
            int done = 0;
            for (; done < 100; done++) {
                here.watch(watch, told::add);
                for (int i = done % 7; i > 0; i--) {
                    Thread.yield();
                }
                here.unwatch();
                assertThat(here.isQuiet()).isTrue();
                there.getOutputStream().write('y');
                here.write(one, 0, 1);
                assertThat(here.read(one, 0, 1, TimeUnit.SECONDS.toNanos(10))).isEqualTo(1);
                assertThat(there.getInputStream().read()).isEqualTo('x');
                one[0] = 'x';
            }
            here.watch(watch, told::add);
            if (byPeer) {
                int before = told.size();
                there.shutdownOutput();
                await().until(() -> told.size() > before);
            }
            return done;
        }
    }

    /** Open files of this process; zero where nobody tells. */
    private static int descriptors() {
        String[] files = new File("/proc/self/fd").list();
        return files == null ? 0 : files.length;
    }
}

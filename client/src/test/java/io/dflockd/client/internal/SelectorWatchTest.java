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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The selector below the watch: DESIGN section 4, rule 11. */
@Isolated("it counts the files that the whole process has open")
@Timeout(60)
class SelectorWatchTest extends WatchedPairs {

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
        exchangeUntilTheEnd(true); // so that what a JVM opens once is open
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
        await().until(() -> told.size() == 1 + 4 * 20);
        await().until(() -> descriptors() <= before);
        assertThat(awaiting.isDone()).as("the awaiting thread is well").isFalse();
    }

    /** A hundred exchanges with watching in between, and then an end by either side while it is watched. */
    @SuppressWarnings("ThreadPriorityCheck") // any scheduling is right, and many are wanted
    private int exchangeUntilTheEnd(boolean byPeer) throws Exception {
        byte[] one = {'x'};
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketTransport here = new SocketTransport(SocketTransport.connect(
                        listener.getInetAddress(),
                        listener.getLocalPort(),
                        TimeUnit.SECONDS.toNanos(10),
                        opened -> {}));
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

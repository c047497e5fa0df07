package io.dflockd.chaos.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordingRuntimeTest {

    private final List<Event> events = new ArrayList<>();
    private final ScriptedWorld world = new ScriptedWorld();
    private final Recorder recorder = new Recorder(() -> 1, events::add);
    private final ClientRuntime runtime = new RecordingRuntime(world, recorder, "c1");

    private Transport connect() throws IOException {
        return runtime.connect(new ServerAddress("localhost", 1), 1);
    }

    private static void write(Transport transport, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        transport.write(bytes, 0, bytes.length);
    }

    private List<String> story() {
        return events.stream()
                .map(e -> e.type() + " " + e.op() + " " + e.key() + " " + e.token() + " " + e.limit() + " " + e.text())
                .toList();
    }

    @Test
    void an_exchange_is_recorded_with_its_key_and_token() throws IOException {
        world.replies.add("ok abc 33\n");
        world.replies.add("ok\n");
        Transport transport = connect();
        write(transport, "sl\nk\n10 3 33\n");
        transport.read(new byte[100], 0, 100, 1);
        write(transport, "sr\nk\nabc\n");
        transport.read(new byte[100], 0, 100, 1);
        transport.close();
        transport.close();

        assertThat(story())
                .containsExactly(
                        "OPEN 0 null null 0 localhost:1",
                        "SEND 1 k null 3 sl 10 3 33",
                        "RECEIVE 1 k abc 0 ok abc 33",
                        "SEND 2 k abc 0 sr abc",
                        "RECEIVE 2 k null 0 ok",
                        "CLOSE 0 null null 0 closed");
    }

    @Test
    void a_request_is_stamped_before_the_write_that_completes_it() throws IOException {
        Transport transport = connect();
        write(transport, "l\nk\n10");
        assertThat(events).hasSize(1);
        world.beforeWrite = () -> assertThat(events).hasSize(2);
        write(transport, " 5\n");
        assertThat(story().get(1)).isEqualTo("SEND 1 k null 1 l 10 5");
    }

    @Test
    void the_secret_is_not_in_the_history() throws IOException {
        Transport transport = connect();
        write(transport, "auth\n-\nopen sesame\n");
        assertThat(story().get(1)).isEqualTo("SEND 1 - null 0 auth ***");
    }

    @Test
    void replies_in_pieces_and_unasked_ones_are_told_apart() throws IOException {
        Transport transport = connect();
        write(transport, "e\nk\n5\n");
        world.replies.addAll(List.of("que", "ued\r\nerr", "or\n"));
        for (int i = 0; i < 3; i++) {
            transport.read(new byte[100], 0, 100, 1);
        }
        assertThat(story().subList(2, 4)).containsExactly("RECEIVE 1 k null 0 queued", "RECEIVE 0 null null 0 error");
    }

    @Test
    void the_end_of_a_connection_is_recorded_once_with_the_reason_that_was_seen_first() throws IOException {
        Transport transport = connect();
        transport.read(new byte[1], 0, 1, 1);
        transport.close();
        assertThat(story().get(1)).isEqualTo("CLOSE 0 null null 0 eof");
        assertThat(events).hasSize(2);

        Transport broken = connect();
        world.failure = new IOException("reset");
        assertThatThrownBy(() -> broken.read(new byte[1], 0, 1, 1)).hasMessage("reset");
        assertThat(story().get(3)).startsWith("CLOSE").contains("reset");
    }

    @Test
    void a_read_that_timed_out_ends_nothing() throws IOException {
        Transport transport = connect();
        world.failure = new SocketTimeoutException("later");
        assertThatThrownBy(() -> transport.read(new byte[1], 0, 1, 1)).hasMessage("later");
        assertThat(events).hasSize(1);
    }

    /** Plays replies back, and fails on demand. */
    private static final class ScriptedWorld implements ClientRuntime {
        private final Deque<String> replies = new ArrayDeque<>();
        private Runnable beforeWrite = () -> {};
        private @Nullable IOException failure;

        @Override
        public Transport connect(ServerAddress server, long timeoutNanos) {
            return new Transport() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    beforeWrite.run();
                }

                @Override
                public int read(byte[] buffer, int offset, int length, long nanos) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    if (replies.isEmpty()) {
                        return -1;
                    }
                    byte[] reply = replies.remove().getBytes(UTF_8);
                    System.arraycopy(reply, 0, buffer, offset, reply.length);
                    return reply.length;
                }

                @Override
                public boolean isQuiet() {
                    return true;
                }

                @Override
                public void watch(IdleWatch watch, IdleListener listener) {}

                @Override
                public void unwatch() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public IdleWatch newIdleWatch() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public RunningThread startThread(String name, Runnable body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Lock newLock() {
            return new ReentrantLock();
        }

        @Override
        public double random() {
            return 0;
        }
    }
}

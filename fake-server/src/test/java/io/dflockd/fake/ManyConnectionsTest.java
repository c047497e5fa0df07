package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two thousand connections at once, each with a lock, against a server that has 128 MB. */
@Timeout(60)
class ManyConnectionsTest {

    private static final int CONNECTIONS = 2_000;

    private static final int SLOW_READERS = 20;
    private static final int STATS_AHEAD = 50;
    private static final int FLOOD = 1_500;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> HEAP = List.of("-Xmx128m");

    /** One for each connection, and some for the JVM. */
    private static final int FILES = CONNECTIONS + 500;

    private final List<RawClient> clients = new ArrayList<>();

    /** Both processes have the same limit: Java lifts the soft one to the hard one. */
    @BeforeEach
    void enough_files_may_be_open() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            assertThat(unix.getMaxFileDescriptorCount())
                    .as("this test needs %d open files a process; raise the hard limit (ulimit -Hn)", FILES)
                    .isGreaterThanOrEqualTo(FILES);
        }
    }

    @AfterEach
    void hang_up() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void each_gets_a_lock_renews_it_and_releases_it_in_a_small_heap() throws Exception {
        try (ServerProcess server = ServerProcess.start(HEAP, "--port=0", "--max-locks=20000")) {
            int port = server.port();
            connect(port);

            List<String> tokens = lockAll();
            assertThat(held(port)).isEqualTo(CONNECTIONS);

            assertThat(askAll("n", tokens)).containsOnly("ok 33").hasSize(CONNECTIONS);
            assertThat(askAll("r", tokens)).containsOnly("ok").hasSize(CONNECTIONS);
            assertThat(held(port)).isZero();
        }
    }

    @Test
    void those_who_do_not_read_and_a_flood_of_others_keep_nobody_from_their_locks() throws Exception {
        try (ServerProcess server = ServerProcess.start(HEAP, "--port=0", "--max-locks=20000")) {
            int port = server.port();
            connect(port);
            List<String> tokens = lockAll();
            for (int i = 0; i < SLOW_READERS; i++) {
                RawClient slow = new RawClient("127.0.0.1", port);
                clients.add(slow);
                // Of all locks together there are more bytes to say than the machine takes for somebody who does not
                // read.
                for (int ahead = 0; ahead < STATS_AHEAD; ahead++) {
                    slow.send("stats", "_", "_");
                }
            }
            FutureTask<Integer> flood = new FutureTask<>(() -> flood(port));
            Thread flooding = new Thread(flood, "flood");
            flooding.start();

            int rounds = 0;
            while (rounds == 0 || !flood.isDone()) {
                assertThat(askAll("n", tokens)).containsOnly("ok 33").hasSize(CONNECTIONS);
                rounds++;
            }

            assertThat(flood.get()).isEqualTo(FLOOD);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(held(port))
                    .as("locks, without the flood's")
                    .isEqualTo(CONNECTIONS));
            assertThat(askAll("r", tokens)).containsOnly("ok").hasSize(CONNECTIONS);
        }
    }

    /** What is left of a peer whose machine is gone: no byte, and no end. */
    @Test
    void those_who_fall_silent_are_closed_at_the_read_timeout_and_free_what_they_hold() throws Exception {
        try (ServerProcess server = ServerProcess.start(HEAP, "--port=0", "--max-locks=20000", "--read-timeout=3")) {
            int port = server.port();
            for (int i = 0; i < CONNECTIONS; i++) {
                RawClient silent = new RawClient("127.0.0.1", port);
                clients.add(silent);
                if (i % 2 == 0) {
                    assertThat(silent.ask("l", "key-" + i, "0 1000")).endsWith(" 1000");
                } else {
                    silent.socket().getOutputStream().write('l');
                }
            }

            for (RawClient silent : clients) {
                assertThat(silent.line()).isEqualTo("error");
                assertThat(silent.line()).isEqualTo(RawClient.END);
            }
            assertThat(held(port)).isZero();
        }
    }

    private void connect(int port) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(new RawClient("127.0.0.1", port));
        }
    }

    /** Everybody gets their own lock; the tokens. */
    private List<String> lockAll() throws IOException {
        List<String> tokens = askAll("l", "0 60").stream()
                .map(grant -> grant.replaceAll("^ok ([0-9a-f]{32}) 60$", "$1"))
                .toList();
        assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token.matches("[0-9a-f]{32}"));
        return tokens;
    }

    /** Others come one after the other and break off; how many came. */
    private static int flood(int port) throws IOException {
        int came = 0;
        while (came < FLOOD) {
            RawClient other = new RawClient("127.0.0.1", port);
            other.send("l", "other", "9");
            other.reset();
            came++;
        }
        return came;
    }

    private List<String> askAll(String command, String arg) throws IOException {
        return askAll(command, Collections.nCopies(CONNECTIONS, arg));
    }

    /** Each connection asks about its own key, all of them before the first reply is read. */
    private List<String> askAll(String command, List<String> args) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.get(i).send(command, "key-" + i, args.get(i));
        }
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            replies.add(clients.get(i).line());
        }
        return replies;
    }

    private static long held(int port) throws IOException {
        try (RawClient observer = new RawClient("127.0.0.1", port)) {
            String stats = observer.ask("stats", "_", "_");
            return stats.split("\"owner_conn_id\":", -1).length - 1L;
        }
    }
}

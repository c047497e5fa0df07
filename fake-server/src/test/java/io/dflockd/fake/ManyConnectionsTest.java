package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two thousand connections at once, each with a lock, against a server that has 128 MB. */
@Timeout(60)
class ManyConnectionsTest {

    private static final int CONNECTIONS = 2_000;

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
        try (ServerProcess server = ServerProcess.start(List.of("-Xmx128m"), "--port=0", "--max-locks=20000")) {
            int port = server.port();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new RawClient("127.0.0.1", port));
            }

            List<String> grants = askAll("l", "0 60");
            List<String> tokens = grants.stream()
                    .map(grant -> grant.replaceAll("^ok ([0-9a-f]{32}) 60$", "$1"))
                    .toList();
            assertThat(tokens).doesNotHaveDuplicates().allMatch(token -> token.matches("[0-9a-f]{32}"));
            assertThat(held(port)).isEqualTo(CONNECTIONS);

            assertThat(askAll("n", tokens)).containsOnly("ok 33").hasSize(CONNECTIONS);
            assertThat(askAll("r", tokens)).containsOnly("ok").hasSize(CONNECTIONS);
            assertThat(held(port)).isZero();
        }
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
        for (RawClient client : clients) {
            replies.add(client.line());
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

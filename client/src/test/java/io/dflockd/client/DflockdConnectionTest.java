package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.OTHER_TOKEN;
import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.internal.JdkRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The low level: every answer as it is, and no use of a connection after a half-finished exchange. */
class DflockdConnectionTest {

    @Test
    void speaks_all_commands() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdConnection one = DflockdConnection.connect(server.address());
                DflockdConnection two = DflockdConnection.connect(server.address())) {
            Reply.Granted granted = (Reply.Granted) one.acquire("orders", 0, 7);
            assertThat(granted.leaseSeconds()).isEqualTo(7);
            assertThat(two.acquire("orders", 0)).isEqualTo(new Reply.TimedOut());
            assertThat(two.enqueue("orders", 9)).isEqualTo(new Reply.Queued());
            assertThat(two.renew("orders", granted.token(), 8))
                    .as("from another connection")
                    .isEqualTo(new Reply.Renewed(8));
            assertThat(one.renew("orders", OTHER_TOKEN)).isEqualTo(new Reply.Refused("error"));
            assertThat(one.release("orders", granted.token())).isEqualTo(new Reply.Released());
            assertThat(two.await("orders", 0)).isInstanceOf(Reply.Granted.class);
            assertThat(two.await("orders", 0)).isEqualTo(new Reply.Refused("error_not_enqueued"));

            Reply.Acquired slot = (Reply.Acquired) one.enqueueSlot("gpu", 2, 5);
            assertThat(one.renewSlot("gpu", slot.token(), 6)).isEqualTo(new Reply.Renewed(6));
            assertThat(two.acquireSlot("gpu", 0, 3)).isEqualTo(new Reply.Refused("error_limit_mismatch"));
            assertThat(two.acquireSlot("gpu", 0, 2, 5)).isInstanceOf(Reply.Granted.class);
            assertThat(two.enqueueSlot("gpu", 2)).isEqualTo(new Reply.Queued());
            assertThat(two.awaitSlot("gpu", 0)).isEqualTo(new Reply.TimedOut());
            assertThat(one.releaseSlot("gpu", slot.token())).isEqualTo(new Reply.Released());
            assertThat(one.stats()).startsWith("{").contains("\"connections\":2");
            assertThat(one.isUsable()).isTrue();
        }
    }

    @Test
    void senseless_numbers_go_out_and_come_back_refused() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThat(connection.acquire("orders", -1)).isEqualTo(new Reply.Refused("error"));
            assertThat(connection.acquire("orders", 0, 0)).isEqualTo(new Reply.Refused("error"));
            assertThat(connection.acquireSlot("orders", 0, -5, Long.MAX_VALUE)).isEqualTo(new Reply.Refused("error"));
            assertThatIllegalArgumentException().isThrownBy(() -> connection.release("orders", "a\nb"));
            assertThat(connection.isUsable()).isTrue();
        }
    }

    @Test
    void answer_in_pieces_is_one_answer() throws Exception {
        ScriptedServer.Script script = peer -> {
            peer.read();
            for (char c : ("ok " + TOKEN + " 33\r\n").toCharArray()) {
                peer.send(String.valueOf(c));
            }
            peer.answer("ok");
            peer.hang();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThat(connection.acquire("orders", 5)).isEqualTo(new Reply.Granted(TOKEN, 33));
            assertThat(connection.release("orders", TOKEN)).isEqualTo(new Reply.Released());
        }
    }

    @Test
    void long_stats_are_read_whole() throws Exception {
        String json = "{\"x\":\"" + "é".repeat(200_000) + "\"}";
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("ok " + json);
                    peer.hang();
                });
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThat(connection.stats()).isEqualTo(json);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "okay\n",
                "\n",
                "ok\nok\n",
                "ok " + TOKEN + " 33\nok " + OTHER_TOKEN + " 33\n",
                "\u00ff\u0000\n",
                "queued\n",
                "HTTP/1.1 400 Bad Request\r\n\r\n"
            })
    void rule_07_answer_that_is_none_closes_the_connection_for_good(String answer) throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.read();
                    peer.send(answer);
                    peer.hang();
                });
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThatThrownBy(() -> connection.acquire("orders", 0))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("acquire 'orders' at " + server.address())
                    .hasMessageNotContaining(TOKEN);
            assertThat(connection.isUsable()).isFalse();
            assertThatThrownBy(() -> connection.release("orders", TOKEN)).isInstanceOf(ConnectionException.class);
            await().until(() -> server.peers().get(0).ended());
            assertThat(server.peers().get(0).requests()).hasSize(1);
        }
    }

    @Test
    void rule_07_endless_line_is_not_read_for_ever() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.read();
                    while (true) {
                        peer.send("x".repeat(1000));
                    }
                });
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThatThrownBy(() -> connection.acquire("orders", 0))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("1024");
        }
    }

    @Test
    void rule_07_late_answer_is_nobodys_answer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdConnection connection = open(server)) {
            assertThatThrownBy(() -> connection.acquire("orders", 0))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
            assertThat(connection.isUsable()).isFalse();
            await().until(() -> server.peers().get(0).ended());
        }
    }

    @Test
    void rule_07_what_nobody_asked_for_closes_the_connection_before_the_next_request() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("ok " + TOKEN + " 33");
                    answered.await();
                    peer.send("error\n");
                    peer.hang();
                });
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            connection.acquire("orders", 0);
            answered.countDown();
            await().until(() -> !connection.isUsable());
            assertThatThrownBy(() -> connection.renew("orders", TOKEN, 33)).isInstanceOf(ConnectionException.class);
            await().until(() -> server.peers().get(0).ended());
            assertThat(server.peers().get(0).requests()).hasSize(1);
        }
    }

    @Test
    void connection_that_the_server_ends_is_a_connection_exception() throws Exception {
        try (ScriptedServer server = new ScriptedServer(
                peer -> peer.read(),
                peer -> {
                    peer.read();
                    peer.reset();
                },
                peer -> {
                    peer.read();
                    peer.send("ok 0123");
                })) {
            for (int i = 0; i < 3; i++) {
                try (DflockdConnection connection = DflockdConnection.connect(server.address())) {
                    assertThatThrownBy(() -> connection.acquire("orders", 0)).isInstanceOf(ConnectionException.class);
                    assertThat(connection.isUsable()).isFalse();
                }
            }
        }
    }

    @Test
    void rule_06_interrupt_ends_a_wait_and_the_connection() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            Background<Reply> waiting = Background.start(() -> connection.acquire("orders", 60));
            await().until(() -> !server.peers().isEmpty()
                    && !server.peers().get(0).requests().isEmpty());

            waiting.interrupt();

            assertThat(waiting.failure()).isInstanceOf(InterruptedException.class);
            assertThat(waiting.interruptedAfter()).isFalse();
            assertThat(connection.isUsable()).isFalse();
            await().until(() -> server.peers().get(0).ended());
        }
    }

    @Test
    void rule_06_interrupted_thread_can_still_release() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            Reply.Granted granted = (Reply.Granted) connection.acquire("orders", 0);
            Thread.currentThread().interrupt();
            assertThat(connection.release("orders", granted.token())).isEqualTo(new Reply.Released());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(connection.isUsable()).isTrue();
        }
    }

    @Test
    void close_from_another_thread_wakes_a_wait() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang)) {
            DflockdConnection connection = DflockdConnection.connect(server.address());
            Background<Reply> waiting = Background.start(() -> connection.acquire("orders", 60));
            await().until(() -> !server.peers().isEmpty()
                    && !server.peers().get(0).requests().isEmpty());

            connection.close();

            assertThat(waiting.failure())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("closed by this side");
        }
    }

    private static DflockdConnection open(ScriptedServer server) throws InterruptedException {
        return DflockdConnection.open(
                new JdkRuntime(), ServerAddress.parse(server.address()), ofSeconds(5), ofMillis(50));
    }
}

package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A proxy without faults is not there: what the server says and does is what the client sees. */
@Timeout(60)
class ProxyTest {

    private static final String GRANT = "ok [0-9a-f]{32} 33";

    private FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private FakeDflockdServer proxy = FakeDflockdServer.proxying(server.address());
    private final List<RawClient> clients = new ArrayList<>();

    private RawClient client() throws IOException {
        RawClient client = new RawClient(proxy);
        clients.add(client);
        return client;
    }

    private void serverWith(FakeOptions options) {
        server.close();
        proxy.close();
        server = FakeDflockdServer.start(options);
        proxy = FakeDflockdServer.proxying(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        proxy.close();
        server.close();
    }

    @Test
    void requests_and_replies_pass() throws IOException {
        RawClient client = client();
        String token = client.token("orders");

        assertThat(client().ask("l", "orders", "0")).isEqualTo("timeout");
        assertThat(client.ask("n", "orders", token + "\r")).isEqualTo("ok 33");
        assertThat(client.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(client.ask("nonsense", "", "")).isEqualTo("error");
        assertThat(client.ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void the_server_behind_has_the_limits_and_the_secret() throws IOException {
        serverWith(FakeOptions.defaults().withAuthToken("sesame").withMaxConnections(1));

        RawClient first = client();
        assertThat(first.ask("auth", "-", "sesame")).isEqualTo("ok");
        assertThat(first.ask("l", "orders", "0")).matches(GRANT);
        assertThat(RawClient.fate(proxy)).isIn("end of stream", "reset");
    }

    @Test
    void tls_is_between_the_client_and_the_server_behind() throws IOException {
        serverWith(FakeOptions.defaults().withTls());

        try (RawClient client = RawClient.secure(proxy.host(), proxy.port(), server.clientSslContext())) {
            assertThat(client.ask("l", "orders", "0")).matches(GRANT);
            assertThat(proxy.journal().requests()).as("the proxy sees none").isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,127.0.0.1", "127.0.0.1,localhost", "127.0.0.1,0.0.0.0", "0.0.0.0,127.0.0.1"})
    void it_cannot_be_in_front_of_itself(String host, String behind) {
        server.close();
        int port = server.port();
        FakeOptions options = FakeOptions.defaults().withHost(host).withPort(port);

        assertThatThrownBy(() -> FakeDflockdServer.proxying(behind + ':' + port, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a proxy on port " + port + " would be in front of itself at ");

        FakeDflockdServer.start(options).close();
    }

    @Test
    void the_same_port_of_another_address_is_another_server() throws IOException {
        FakeOptions options = FakeOptions.defaults().withHost("127.0.0.2").withPort(server.port());
        try (FakeDflockdServer other = FakeDflockdServer.proxying(server.address(), options);
                RawClient client = new RawClient(other.host(), other.port())) {
            assertThat(client.token("orders")).hasSize(32);
        }
    }

    @Test
    void a_server_that_is_down_resets_the_client() throws IOException {
        server.close();

        assertThat(RawClient.fate(proxy)).isEqualTo("reset");
    }

    @Test
    void a_server_that_stops_ends_the_stream_of_who_waits() throws IOException {
        client().token("orders");
        RawClient waiter = client().send("l", "orders", "60");
        awaitWaiter();

        server.close();

        assertThat(waiter.end()).isEqualTo("end of stream");
    }

    private void awaitWaiter() {
        Awaitility.await().untilAsserted(() -> {
            try (RawClient direct = new RawClient(server)) {
                assertThat(direct.ask("stats", "-", "-")).contains("\"waiters\":1");
            }
        });
    }

    @Test
    void a_half_closed_client_still_gets_its_reply() throws IOException {
        RawClient holder = client();
        String token = holder.token("orders");
        RawClient waiter = client().send("l", "orders", "60");
        waiter.socket().shutdownOutput();
        awaitWaiter();

        assertThat(holder.ask("r", "orders", token)).isEqualTo("ok");

        assertThat(waiter.line()).matches(GRANT);
        assertThat(waiter.line()).isEqualTo(RawClient.END);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_v2_server_learns_that_a_waiter_has_gone(boolean reset) throws IOException {
        serverWith(FakeOptions.defaults().withManualClock().withProfile(Profile.V2));
        client().token("orders");
        RawClient waiter = client().send("l", "orders", "60");
        awaitWaiter();

        if (reset) {
            waiter.reset();
        } else {
            waiter.hangUp();
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(client().ask("stats", "-", "-")).contains("\"waiters\":0"));
    }

    @Test
    void an_unasked_line_and_the_end_behind_it_pass() throws IOException {
        serverWith(FakeOptions.defaults().withReadTimeout(Duration.ofMillis(200)));

        RawClient silent = client();

        assertThat(silent.line()).isEqualTo("error");
        assertThat(silent.line()).isEqualTo(RawClient.END);
    }

    @Test
    void bytes_that_are_no_request_reach_the_server() throws IOException {
        serverWith(FakeOptions.defaults().withManualClock().withProfile(Profile.V0));
        RawClient client = client();
        client.socket().getOutputStream().write("l\norders\n0".getBytes(StandardCharsets.UTF_8));

        client.socket().shutdownOutput();

        assertThat(client.line()).as("V0 takes the end for a line feed").matches(GRANT);
        assertThat(client.line()).isEqualTo(RawClient.END);
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 5_000, 100_000})
    void an_overlong_line_is_the_servers_to_refuse(int length) throws IOException {
        RawClient client = client();

        client.send("l", "k".repeat(length), "0");

        assertThat(client.line()).isEqualTo("error");
        assertThat(client.line()).isEqualTo(RawClient.END);
    }

    @Test
    void what_is_sent_ahead_is_answered_in_order() throws IOException {
        RawClient client = client();
        int many = 500;
        for (int i = 0; i < many; i++) {
            client.send("l", "key" + i, "0 " + (i + 1));
        }

        for (int i = 0; i < many; i++) {
            assertThat(client.line()).endsWith(" " + (i + 1));
        }
    }

    @Test
    void a_v2_server_drops_a_waiter_that_sends_too_much_ahead() throws IOException {
        serverWith(FakeOptions.defaults().withManualClock().withProfile(Profile.V2));
        client().token("orders");
        RawClient waiter = client().send("l", "orders", "60");

        waiter.send("l", "k".repeat(2_000), "k".repeat(3_000));

        assertThat(waiter.end()).isIn("end of stream", "reset");
    }

    @Test
    void a_slow_reader_gets_a_big_line_to_its_end() throws IOException {
        serverWith(FakeOptions.defaults().withManualClock().withMaxLocks(20_000));
        try (RawClient direct = new RawClient(server)) {
            for (int i = 0; i < 6_000; i += 100) {
                for (int j = i; j < i + 100; j++) {
                    direct.send("l", "x".repeat(190) + j, "0");
                }
                for (int j = i; j < i + 100; j++) {
                    assertThat(direct.line()).matches(GRANT);
                }
            }
            RawClient slow = client().send("stats", "-", "-");
            assertThat(client().ask("l", "x".repeat(190) + 1, "0"))
                    .as("others do not notice")
                    .isEqualTo("timeout");

            String expected = direct.ask("stats", "-", "-");
            assertThat(slow.line()).hasSameSizeAs(expected).hasSizeGreaterThan(1_000_000);
        }
    }

    @Test
    void two_hundred_connections_do_not_mix() throws IOException {
        for (int i = 0; i < 200; i++) {
            client().send("l", "key" + i, "0 " + (i + 1));
        }

        for (int i = 0; i < 200; i++) {
            assertThat(clients.get(i).line()).endsWith(" " + (i + 1));
        }
    }

    @Test
    void reset_closes_everything() throws IOException, InterruptedException {
        RawClient client = client();
        client.token("orders");

        proxy.reset();

        assertThat(client.end()).isIn("end of stream", "reset");
        assertThat(server.awaitDrained(Duration.ofSeconds(5))).isTrue();
        assertThat(client().ask("l", "orders", "0")).matches(GRANT);
    }

    @Test
    void close_ends_both_sides() throws IOException, InterruptedException {
        RawClient client = client();
        client.token("orders");

        proxy.close();

        assertThat(client.end()).isEqualTo("end of stream");
        assertThat(server.awaitDrained(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void clients_may_speak_tls_with_a_proxy_that_does_not() throws IOException {
        FakeOptions secure = FakeOptions.defaults().withTls();
        try (FakeDflockdServer front = FakeDflockdServer.proxying(server.address(), secure);
                RawClient client = RawClient.secure("localhost", front.port(), front.clientSslContext())) {
            assertThat(client.ask("l", "orders", "0")).matches(GRANT);
        }
    }

    @Test
    void what_would_change_the_server_is_refused() {
        List<Runnable> changes = List.of(
                () -> proxy.expireLease("orders"),
                () -> proxy.shortenLease("orders", Duration.ZERO),
                () -> proxy.steal("orders"),
                () -> proxy.restart(Restart.KEEP_STATE),
                () -> proxy.clock().jump(Duration.ofSeconds(1)),
                () -> proxy.clock().freeze(Duration.ofSeconds(1)),
                proxy::drain,
                () -> proxy.limits().maxLocks(1),
                () -> proxy.limits().pauseSweeps());

        assertThat(changes).allSatisfy(change -> assertThatThrownBy(change::run)
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("a proxy in front of 127.0.0.1:" + server.port())
                .hasMessageContaining("partition"));
        assertThatThrownBy(() -> proxy.clock().advance(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> FakeDflockdServer.proxying(
                        server.address(), FakeOptions.defaults().withManualClock()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no manual clock");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "localhost:", "localhost:0", "localhost:65536", ":6388", "::1:6388", "a b:1"})
    void what_is_no_address_is_refused(String address) {
        assertThatThrownBy(() -> FakeDflockdServer.proxying(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("write host:port");
    }

    @Test
    void a_line_longer_than_a_proxy_keeps_passes_piece_by_piece() throws IOException {
        byte[] line = "x".repeat(20 << 20).getBytes(StandardCharsets.UTF_8);
        try (ServerSocket endless = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FakeDflockdServer front = FakeDflockdServer.proxying("127.0.0.1:" + endless.getLocalPort());
                RawClient client = new RawClient(front);
                Socket behind = endless.accept()) {
            client.send("stats", "-", "-");
            Thread writer = new Thread(() -> {
                try {
                    behind.getOutputStream().write(line);
                    behind.shutdownOutput();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();

            assertThat(client.line()).hasSize(line.length);
        }
    }
}

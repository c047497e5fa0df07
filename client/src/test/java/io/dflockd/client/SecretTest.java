package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client with a secret sends first, what the answers mean, and where the secret must not appear. */
class SecretTest {

    private static final String SECRET = "s3cret-ünlikely";

    @Test
    void the_secret_is_the_first_request_of_every_connection_and_is_asked_for_each_time() throws Exception {
        Iterator<String> rotated = List.of("first", "second").iterator();
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("ok");
                    peer.grantAll();
                });
                DflockdClient client = client(server, rotated::next);
                Lease one = client.lock("a").acquire();
                Lease two = client.lock("b").acquire()) {
            assertThat(one.isHeld() && two.isHeld()).isTrue();
            assertThat(server.peers().get(0).requests()).startsWith("auth|-|first", "l|a|10");
            assertThat(server.peers().get(1).requests()).startsWith("auth|-|second", "l|b|10");
        }
    }

    @Test
    void a_wrong_secret_is_an_authentication_exception_that_does_not_quote_it() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.answer("error_auth"));
                DflockdClient client = client(server, () -> SECRET)) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(AuthenticationException.class)
                    .hasMessageContaining("orders")
                    .hasMessageNotContaining(SECRET)
                    .hasNoCause();
            assertThatThrownBy(() -> client.lock("orders").enqueue()).isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void a_server_without_a_secret_is_used_all_the_same() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("error");
                    peer.grantAll();
                });
                DflockdClient client = client(server, () -> SECRET);
                Lease lease = client.lock("orders").acquire()) {
            assertThat(lease.isHeld()).isTrue();
        }
    }

    @Test
    void a_server_that_wants_a_secret_and_gets_none_is_an_authentication_exception() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.answer("error_auth"));
                DflockdClient client = DflockdClient.connect(server.address())) {
            assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(AuthenticationException.class);
        }
    }

    @Test
    void a_server_that_never_answers_the_secret_is_given_up_in_time() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdClient client = DflockdClient.builder()
                        .servers(server.address())
                        .secret(() -> SECRET)
                        .connectTimeout(Duration.ofMillis(200))
                        .build()) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("no answer in time");
        }
    }

    @Test
    void a_supplier_that_throws_is_a_connection_exception_and_leaves_no_connection_open() throws Exception {
        IllegalStateException closed = new IllegalStateException("the vault has " + SECRET + " and is closed");
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdClient client = client(server, () -> {
                    throw closed;
                })) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("acquire 'orders'")
                    .hasMessageContaining("the secret supplier failed: java.lang.IllegalStateException")
                    .hasMessageNotContaining(SECRET)
                    .hasRootCause(closed)
                    .satisfies(e -> assertThat(e.getCause()).hasMessageNotContaining(SECRET));
            await().atMost(Duration.ofSeconds(10))
                    .until(() ->
                            server.peers().size() == 1 && server.peers().get(0).ended());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines", "return\r"})
    void a_secret_that_is_no_line_is_refused_before_it_is_sent(String secret) throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::hang);
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThatThrownBy(() -> connection.authenticate(secret))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("secret");
            assertThat(server.peers())
                    .allSatisfy(peer -> assertThat(peer.requests()).isEmpty());
        }
    }

    @Test
    void the_low_level_shows_the_answer_as_it_is() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
                    peer.answer("ok");
                    peer.answer("error");
                });
                DflockdConnection connection = DflockdConnection.connect(server.address())) {
            assertThat(connection.authenticate(SECRET)).isEqualTo(new Reply.Authenticated());
            assertThat(connection.authenticate(SECRET)).isEqualTo(new Reply.Refused("error"));
        }
    }

    private static DflockdClient client(ScriptedServer server, Supplier<String> secret) {
        return DflockdClient.builder().servers(server.address()).secret(secret).build();
    }
}

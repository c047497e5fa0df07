package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole port behind TLS: clients that speak it well, and all others. */
@Timeout(60)
class TlsTest {

    private static final String GRANT = "ok [0-9a-f]{32} 33";
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(23);

    private final FakeDflockdServer server = FakeDflockdServer.start(FakeOptions.defaults()
            .withTls()
            .withManualClock()
            .withReadTimeout(READ_TIMEOUT)
            .withMaxLocks(20_000)
            .withMaxConnections(20));

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requests_are_answered_as_without_it(String protocol) throws IOException {
        try (RawClient holder = secure(protocol);
                RawClient waiter = secure(protocol)) {
            String token = holder.token("orders");
            assertThat(waiter.ask("e", "orders", "")).isEqualTo("queued");
            waiter.send("w", "orders", "10");

            assertThat(holder.ask("r", "orders", token)).isEqualTo("ok");

            assertThat(waiter.line()).matches(GRANT);
            assertThat(((SSLSocket) waiter.socket()).getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void the_certificate_is_for_the_loopback_interface(String host) throws IOException {
        try (RawClient client = RawClient.secure(host, server.port(), server.clientSslContext())) {
            assertThat(client.token("orders")).hasSize(32);
        }
    }

    @Test
    void nobody_else_trusts_it() {
        assertThatThrownBy(() -> RawClient.secure(
                        "localhost", server.port(), TestCertificates.create().client()))
                .isInstanceOf(SSLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_close_is_orderly_and_waits_for_nobody(String protocol) throws IOException {
        try (RawClient client = secure(protocol)) {
            client.token("orders");

            server.reset();

            assertThat(client.end()).isEqualTo(RawClient.END);
            try (RawClient next = secure(protocol)) {
                assertThat(next.ask("l", "orders", "0")).matches(GRANT);
            }
        }
    }

    @Test
    void the_last_record_is_a_goodbye() throws IOException {
        OverhearingSocket plain = new OverhearingSocket(server);
        try (RawClient client = RawClient.secure(plain, server.host(), server.clientSslContext(), "TLSv1.2")) {
            client.token("orders");

            server.reset();

            assertThat(client.end()).isEqualTo(RawClient.END);
            assertThat(plain.lastRecordType()).as("alert").isEqualTo(21);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_client_that_says_goodbye_frees_its_locks(String protocol) throws IOException {
        try (RawClient other = secure(protocol)) {
            RawClient client = secure(protocol);
            client.token("invoices");

            client.close();

            assertThat(other.ask("l", "invoices", "10")).matches(GRANT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_reply_of_a_megabyte_reaches_a_slow_reader_while_others_go_on(String protocol) throws IOException {
        try (RawClient many = secure(protocol);
                RawClient slow = secure(protocol)) {
            fill(many, 7_000);

            slow.send("stats", "", "");
            assertThat(many.ask("l", "one more", "0")).isEqualTo("error");
            String reply = slow.line();

            assertThat(reply).startsWith("ok {").endsWith("}").hasSizeGreaterThan(1_000_000);
            assertThat(reply).contains("k6999\"");
            assertThat(slow.ask("l", "orders", "0")).matches(GRANT);
        }
    }

    @Test
    void a_client_that_never_reads_is_cut_off() throws IOException {
        try (RawClient deaf = secure("TLSv1.3");
                RawClient other = secure("TLSv1.3")) {
            assertThat(deaf.ask("l", "orders", "0 3600")).startsWith("ok ");
            fill(other, 3_000);
            for (int i = 0; i < 40; i++) {
                deaf.send("stats", "", "");
            }
            await().until(() -> {
                server.clock().advance(Duration.ofSeconds(1));
                return other.ask("l", "orders", "0").startsWith("ok ");
            });
        }
    }

    @Test
    void plain_text_is_not_answered_in_plain_text() throws IOException {
        try (RawClient plain = new RawClient(server)) {
            plain.send("l", "orders", "0");

            assertThat(plain.end()).doesNotStartWith("ok").doesNotStartWith("error");
        }
        assertServes();
    }

    @Test
    void random_bytes_end_the_connection_and_nothing_else() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(garbage);
            if (i % 2 == 0) {
                System.arraycopy(new byte[] {22, 3, 1, (byte) (i % 66), 0}, 0, garbage, 0, Math.min(5, garbage.length));
            }
            try (Socket socket = new Socket(server.host(), server.port())) {
                socket.getOutputStream().write(garbage);
                socket.shutdownOutput();
                socket.setSoTimeout(5_000);
                assertEnds(socket);
            }
        }
        assertServes();
    }

    @Test
    void garbage_after_the_handshake_ends_the_connection() throws IOException {
        Socket plain = new Socket(server.host(), server.port());
        plain.setSoTimeout(5_000);
        try (RawClient client = RawClient.secure(plain, server.host(), server.clientSslContext());
                RawClient other = secure("TLSv1.3")) {
            client.token("orders");

            plain.getOutputStream().write(new byte[] {
                23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20
            });

            assertThatThrownBy(client::line).isInstanceOf(IOException.class);
            assertThat(other.ask("l", "orders", "0")).matches(GRANT);
        }
    }

    @Test
    void a_handshake_that_stops_half_way_ends_at_the_read_timeout() throws IOException {
        try (Socket silent = new Socket(server.host(), server.port());
                Socket halfWay = new Socket(server.host(), server.port())) {
            halfWay.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
            try (RawClient client = secure("TLSv1.3")) {
                await().until(() -> client.ask("stats", "", ""), stats -> stats.contains("\"connections\":3"));
            }
            silent.setSoTimeout(5_000);
            halfWay.setSoTimeout(5_000);

            server.clock().advance(READ_TIMEOUT);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(halfWay.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_handshake_in_single_bytes_succeeds() throws IOException {
        Socket plain = new TricklingSocket(server);
        try (RawClient client = RawClient.secure(plain, server.host(), server.clientSslContext())) {
            assertThat(client.token("orders")).hasSize(32);
        }
    }

    @Test
    void one_connection_too_many_is_closed_without_a_byte() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(secure("TLSv1.3"));
        }

        try (Socket late = new Socket(server.host(), server.port())) {
            assertThat(late.getInputStream().read()).isEqualTo(-1);
        }
        for (RawClient client : clients) {
            client.close();
        }
    }

    private RawClient secure(String protocol) throws IOException {
        return RawClient.secure(server.host(), server.port(), server.clientSslContext(), protocol);
    }

    private static void fill(RawClient client, int keys) throws IOException {
        for (int i = 0; i < keys; i++) {
            assertThat(client.ask("l", "k".repeat(100) + i, "0")).matches(GRANT);
        }
    }

    private void assertServes() throws IOException {
        try (RawClient client = secure("TLSv1.3")) {
            assertThat(client.token("orders")).hasSize(32);
        }
    }

    private static void assertEnds(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    /** Sends byte by byte. */
    private static final class TricklingSocket extends Socket {

        TricklingSocket(FakeDflockdServer server) throws IOException {
            super(server.host(), server.port());
            setTcpNoDelay(true);
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    for (int i = 0; i < length; i++) {
                        out.write(bytes[offset + i]);
                        out.flush();
                    }
                }
            };
        }
    }

    /** Remembers what came. */
    private static final class OverhearingSocket extends Socket {

        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

        OverhearingSocket(FakeDflockdServer server) throws IOException {
            super(server.host(), server.port());
            setSoTimeout(5_000);
        }

        /** From record to record: a type, two bytes of version, two of length. */
        int lastRecordType() {
            byte[] bytes = heard.toByteArray();
            int type = -1;
            for (int at = 0; at < bytes.length; at += 5 + (bytes[at + 3] & 0xFF) * 256 + (bytes[at + 4] & 0xFF)) {
                type = bytes[at];
            }
            return type;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int count = in.read(bytes, offset, length);
                    heard.write(bytes, offset, Math.max(0, count));
                    return count;
                }
            };
        }
    }
}

package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.tls.ServerTls;
import io.dflockd.fake.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a Java client sees of each way in which a handshake may go. */
@Timeout(60)
class TlsHandshakesTest {

    private final TestCertificates certificates = TestCertificates.create();
    private final List<Long> asked = new ArrayList<>();
    private final ManualTime clock = new ManualTime();
    private final EngineDriver driver =
            new EngineDriver(FakeOptions.defaults().withManualClock().withReadTimeout(Duration.ofSeconds(23)), clock);
    private volatile TlsHandshake next = TlsHandshake.NORMAL;
    private volatile boolean checkName = true;
    private Optional<SocketLoop> loop = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        TlsPort port = new TlsPort(ServerTls.of(certificates), this::decide);
        loop = Optional.of(SocketLoop.start(driver, clock, anyPort, Optional.of(port)));
    }

    private TlsHandshake decide(long connection) {
        asked.add(connection);
        return next;
    }

    @AfterEach
    void stop() {
        loop.orElseThrow().close();
    }

    @Test
    void each_connection_is_asked_about_once() throws IOException {
        next = TlsHandshake.NORMAL;
        assertThat(ping()).isEqualTo("ok");
        next = TlsHandshake.FAIL;
        assertThatThrownBy(this::ping).isInstanceOf(SSLException.class);
        next = TlsHandshake.NORMAL;
        assertThat(ping()).isEqualTo("ok");

        assertThat(asked).containsExactly(1L, 2L, 3L);
    }

    @Test
    void one_that_fails_ends_with_an_alert() {
        next = TlsHandshake.FAIL;

        assertThatThrownBy(this::ping)
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("handshake_failure");
    }

    @Test
    void an_expired_certificate_is_found_out() {
        next = TlsHandshake.EXPIRED_CERTIFICATE;

        assertThatThrownBy(this::ping)
                .isInstanceOf(SSLHandshakeException.class)
                .hasRootCauseInstanceOf(CertificateExpiredException.class);
    }

    @Test
    void a_certificate_for_another_host_is_found_out_by_those_who_look() throws IOException {
        next = TlsHandshake.WRONG_HOST;

        assertThatThrownBy(this::ping)
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("subject alternative");

        checkName = false;
        assertThat(ping()).isEqualTo("ok");
    }

    @Test
    void plain_text_is_no_handshake() throws IOException {
        next = TlsHandshake.PLAIN_TEXT;

        assertThatThrownBy(this::ping).isInstanceOf(SSLException.class);
        try (Socket plain = connect()) {
            plain.getOutputStream().write(22);
            assertThat(plain.getInputStream().readAllBytes()).isEqualTo("error\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void a_stalled_one_lasts_until_the_read_timeout() throws IOException {
        next = TlsHandshake.STALL;
        try (Socket plain = connect()) {
            plain.setSoTimeout(300);
            SSLSocket socket = secure(plain);
            assertThat(catchThrowableOfType(SocketTimeoutException.class, socket::startHandshake))
                    .isNotNull();
        }
        try (Socket plain = connect()) {
            plain.getOutputStream().write(22);
            next = TlsHandshake.NORMAL;
            assertThat(ping()).isEqualTo("ok");

            loop.orElseThrow().outside(() -> driver.advance(Duration.ofSeconds(23)));

            assertThat(plain.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_close_ends_it() {
        next = TlsHandshake.CLOSE;

        assertThatThrownBy(this::ping)
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("terminated the handshake");
    }

    @Test
    void a_reset_breaks_it_off() {
        next = TlsHandshake.RESET;

        assertThatThrownBy(this::ping)
                .isInstanceOfAny(SocketException.class, SSLException.class)
                .hasMessageContaining("reset");
    }

    @Test
    void a_context_of_the_users_is_shown_and_the_faults_still_work() throws IOException {
        loop.orElseThrow().close();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        TlsPort port = new TlsPort(ServerTls.of(certificates.server()), this::decide);
        loop = Optional.of(SocketLoop.start(driver, clock, anyPort, Optional.of(port)));

        assertThat(ping()).isEqualTo("ok");
        next = TlsHandshake.EXPIRED_CERTIFICATE;
        assertThatThrownBy(this::ping).isInstanceOf(SSLHandshakeException.class);
    }

    private String ping() throws IOException {
        try (Socket plain = connect();
                SSLSocket socket = secure(plain)) {
            socket.startHandshake();
            socket.getOutputStream().write("stats\nx\nx\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(2), StandardCharsets.US_ASCII);
        }
    }

    private Socket connect() throws IOException {
        InetSocketAddress address = loop.orElseThrow().address();
        Socket plain = new Socket(address.getAddress(), address.getPort());
        plain.setSoTimeout(5_000);
        return plain;
    }

    private SSLSocket secure(Socket plain) throws IOException {
        SSLSocket socket = (SSLSocket)
                certificates.client().getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(checkName ? "HTTPS" : "");
        socket.setSSLParameters(parameters);
        return socket;
    }
}

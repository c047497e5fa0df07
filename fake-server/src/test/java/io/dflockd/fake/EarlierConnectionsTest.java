package io.dflockd.fake;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Restart;
import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who was connected before a reset or restart, accepted or not or on the way between, is over afterwards. */
@Timeout(60)
class EarlierConnectionsTest {

    /** Of so many some are always on the way: about one in two hundred is. */
    private static final int ROUNDS = 3_000;

    static Stream<Named<Consumer<FakeDflockdServer>>> endings() {
        return Stream.of(
                Named.of("reset", FakeDflockdServer::reset),
                Named.of("restart", server -> server.restart(Restart.LOSE_STATE)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void who_was_connected_before_is_over(Consumer<FakeDflockdServer> ending) throws IOException {
        int alive = 0;
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            for (int i = 0; i < ROUNDS; i++) {
                try (Socket early = new Socket(server.host(), server.port())) {
                    ending.accept(server);
                    alive += isAnswered(early) ? 1 : 0;
                }
            }
        }
        assertThat(alive).isZero();
    }

    private static boolean isAnswered(Socket socket) {
        try {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("l\norders\n0\n".getBytes(US_ASCII));
            return socket.getInputStream().read() >= 0;
        } catch (IOException over) {
            return false;
        }
    }
}

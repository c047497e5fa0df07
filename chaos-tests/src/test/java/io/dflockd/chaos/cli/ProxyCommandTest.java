package io.dflockd.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ProxyCommandTest {

    @Test
    void it_says_where_it_listens_serves_and_tells_of_each_strike() throws IOException, InterruptedException {
        PipedReader pipe = new PipedReader(64 * 1024);
        PrintWriter out = new PrintWriter(new PipedWriter(pipe));
        try (FakeDflockdServer server = FakeDflockdServer.start();
                BufferedReader printed = new BufferedReader(pipe)) {
            Thread command = new Thread(() -> ChaosCommand.execute(
                    out,
                    new PrintWriter(new StringWriter()),
                    "proxy",
                    "--to",
                    server.address(),
                    "--seed",
                    "7",
                    "--fault",
                    "acquire:before-apply:reply=error_future:key=orders"));
            command.start();
            String listening = printed.readLine();
            assertThat(listening).matches("listening on 127\\.0\\.0\\.1:\\d+, in front of " + server.address());
            assertThat(printed.readLine()).isEqualTo("seed 7");
            int port = Integer.parseInt(listening.replaceAll(".*?:(\\d+),.*", "$1"));

            assertThat(ask(port)).isEqualTo("error_future");
            assertThat(printed.readLine()).startsWith("connection 1, request 1: BEFORE_APPLY LINE(error_future) on ");
            assertThat(ask(port)).startsWith("ok ");

            command.interrupt();
            command.join();
        }
    }

    private static String ask(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("l\norders\n0\n".getBytes(StandardCharsets.UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost:1 | any:before-apply:explode | 'explode' is no effect",
                "localhost:1 | acquire:before-apply:expire-lease | a proxy cannot change the one behind it",
                "localhost:1 | any:idle:close:key=a | IDLE has no request",
                "localhost | any:idle:close | 'localhost' is no address of a server"
            })
    void what_makes_no_sense_is_one_line_and_status_2(String server, String fault, String why) {
        ChaosCommandTest.Seen seen = ChaosCommandTest.chaos("proxy", "--to", server, "--fault", fault);

        assertThat(seen.status()).isEqualTo(2);
        assertThat(seen.out())
                .singleElement()
                .asString()
                .startsWith("COULD NOT RUN: ")
                .contains(why);
        assertThat(seen.err()).isEmpty();
    }

    @Test
    void its_help_fits_a_terminal() {
        ChaosCommandTest.Seen seen = ChaosCommandTest.chaos("proxy", "--help");

        assertThat(seen.status()).isZero();
        assertThat(seen.out()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }
}

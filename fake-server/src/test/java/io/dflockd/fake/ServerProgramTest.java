package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the stand-alone jar runs, as a shell sees it. */
@Timeout(60)
class ServerProgramTest {

    private static final int STATUS_OF_SIGTERM = 128 + 15;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the exit status of a signal is the system's")
    void it_tells_where_it_listens_serves_and_ends_when_it_is_told_to() throws Exception {
        try (ServerProcess program = run("--port", "0", "-default-lease-ttl=7");
                RawClient client = new RawClient("127.0.0.1", program.port())) {
            assertThat(client.ask("l", "k", "0")).startsWith("ok ").endsWith(" 7");

            program.terminate();

            await().untilAsserted(() -> assertThat(client.ask("l", "k", "1")).isEqualTo("error"));
            assertThat(client.ask("l", "another", "0"))
                    .as("it lets its client finish")
                    .startsWith("ok ");
            client.hangUp();
            assertThat(program.exitStatus()).isEqualTo(STATUS_OF_SIGTERM);
            assertThat(program.output()).isEmpty();
            assertThat(program.errors()).isEmpty();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the exit status of a signal is the system's")
    void it_does_not_wait_for_its_clients_longer_than_the_shutdown_timeout() throws Exception {
        try (ServerProcess program = run("--port", "0", "--shutdown-timeout", "1");
                RawClient client = new RawClient("127.0.0.1", program.port())) {
            assertThat(client.ask("l", "k", "0")).startsWith("ok ");

            program.terminate();

            assertThat(client.end()).isEqualTo(RawClient.END);
            assertThat(program.exitStatus()).isEqualTo(STATUS_OF_SIGTERM);
        }
    }

    @Test
    void a_flag_that_makes_no_sense_is_one_line_and_status_2() throws Exception {
        try (ServerProcess program = run("--colour", "red")) {
            assertRefused(program, "unknown flag --colour");
        }
        try (ServerProcess program = run("--port", "70000")) {
            assertRefused(program, "--port: port must be from 0 to 65535");
        }
    }

    @Test
    void a_port_that_is_taken_is_one_line_and_status_2() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess program = run("--port", "" + taken.getLocalPort())) {
            assertRefused(program, "cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    private static void assertRefused(ServerProcess program, String why) throws InterruptedException {
        assertThat(program.exitStatus()).isEqualTo(2);
        assertThat(program.output()).isEmpty();
        assertThat(program.errors()).hasSize(1).first().asString().startsWith("dflockd-fake-server: " + why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-help", "-h"})
    void help_names_every_flag_and_fits_the_terminal(String word) throws Exception {
        try (ServerProcess program = run("--port", "0", word)) {
            List<String> help = program.output();
            assertThat(program.exitStatus()).isZero();
            for (ServerFlag flag : ServerFlag.values()) {
                assertThat(help).anyMatch(line -> line.startsWith("  --" + flag.word() + ' '));
            }
            assertThat(help).allMatch(line -> line.length() <= 100);
        }
    }

    @Test
    void the_version_is_one_line() throws Exception {
        try (ServerProcess program = run("--version")) {
            assertThat(program.exitStatus()).isZero();
            assertThat(program.output()).hasSize(1).first().asString().startsWith("dflockd-fake-server ");
        }
    }

    private static ServerProcess run(String... flags) throws Exception {
        return ServerProcess.start(List.of(), flags);
    }
}

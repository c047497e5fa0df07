package io.dflockd.chaos.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, ended by a signal. */
@Timeout(60)
class InterruptedRunTest {

    @TempDir
    private Path folder;

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ChaosCommand.class.getName()));
        command.addAll(Arrays.asList(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Reads lines to the end of the stream, or until one has the part. */
    private static List<String> readUntil(BufferedReader lines, String part) throws IOException {
        List<String> seen = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            seen.add(line);
            if (line.contains(part)) {
                break;
            }
        }
        return seen;
    }

    @Test
    void a_run_that_is_ended_early_still_writes_its_whole_history_and_a_verdict() throws Exception {
        Process process = start("run", "--duration", "50s", "--report", folder.toString());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            readUntil(lines, " operations ");
            process.toHandle().destroy();
            List<String> rest = readUntil(lines, "no such line");
            assertThat(rest.get(rest.size() - 1)).startsWith("VALID");
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("the verdict's, not the signal's").isZero();
        assertThat(Files.readAllLines(folder.resolve("history.jsonl"), UTF_8))
                .last()
                .asString()
                .startsWith("{\"end\":true");
    }

    @Test
    void a_run_that_is_ended_while_it_looks_for_the_server_still_says_why_there_is_no_verdict() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            Process process = start("run", "--server", address, "--report", folder.toString());
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
                readUntil(lines, "server ");
                process.toHandle().destroy();
                List<String> rest = readUntil(lines, "no such line");
                assertThat(rest).last().asString().startsWith("COULD NOT RUN: ");
            }
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        }
    }

    @Test
    void serve_tells_where_it_listens_and_ends_when_it_is_told_to() throws Exception {
        Process process = start("serve", "--port=0", "-read-timeout", "5");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            List<String> seen = readUntil(lines, "listening on ");
            String address = seen.get(seen.size() - 1).replace("listening on ", "");
            assertThat(address).matches("127\\.0\\.0\\.1:\\d+");
            assertThat(ChaosCommandTest.chaos(
                                    "run", "--server", address, "--duration", "500ms", "--report", folder.toString())
                            .status())
                    .isZero();
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
}

package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no more files cannot accept. It waits instead of spinning, and goes on when it can. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the limit is set by a shell")
@Timeout(60)
class TooManyFilesTest {

    private static final int MOST_FILES = 64;

    @Test
    void accepting_goes_on_when_it_can_and_its_failure_is_said_once(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log");
        Process process = start(log);
        try {
            int port = port(process);
            warmUp(port);
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i <= MOST_FILES; i++) {
                crowd.add(new RawClient("127.0.0.1", port));
            }
            await().until(() -> !failures(log).isEmpty());
            RawClient first = crowd.get(0);
            assertThat(first.ask("l", "held", "0")).as("others go on").startsWith("ok ");
            Duration before = cpu(process);
            assertThat(first.ask("l", "held", "1")).as("while a second passes").isEqualTo("timeout");
            assertThat(cpu(process).minus(before)).as("the loop rests").isLessThan(Duration.ofMillis(300));

            for (RawClient client : crowd) {
                client.close();
            }

            try (RawClient after = new RawClient("127.0.0.1", port)) {
                assertThat(after.ask("l", "after", "0")).startsWith("ok ");
            }
            assertThat(failures(log)).hasSize(1).first().asString().contains("too many open files");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Loads the classes that are needed later: each is a file. */
    private static void warmUp(int port) throws IOException {
        try (RawClient client = new RawClient("127.0.0.1", port)) {
            assertThat(client.ask("l", "warm", "0")).startsWith("ok ");
            assertThat(client.ask("l", "warm", "1")).isEqualTo("timeout");
        }
    }

    private static Duration cpu(Process process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    private static List<String> failures(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("accepting on"))
                .toList();
    }

    private static Process start(Path log) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String script = "ulimit -n " + MOST_FILES + " && exec \"$0\" \"$@\"";
        return new ProcessBuilder(
                        "sh",
                        "-c",
                        script,
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedServer.class.getName())
                .redirectError(log.toFile())
                .start();
    }

    private static int port(Process process) throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return Integer.parseInt(reader.readLine());
    }
}

package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start in a JVM does without what is slow when it is used for the first time. */
class FirstStartTest {

    private static final int LIMIT_SECONDS = 60;

    /** Lambdas and method references, records' own texts and comparisons, loggers, and, on newer JVMs than 17, texts joined by the JVM rather than by the compiler. */
    private static final Pattern SLOW = Pattern.compile(
            " (io\\.dflockd\\.\\S+\\$\\$Lambda\\S*|java\\.lang\\.invoke\\.StringConcat\\S+|java\\.lang\\.runtime\\.\\S+|org\\.slf4j\\.\\S+) source:");

    @TempDir
    Path folder;

    /** What runs in the other JVM. */
    static final class StartAndClose {
        private StartAndClose() {}

        public static void main(String[] args) {
            FakeDflockdServer.start().close();
        }
    }

    @Test
    void it_needs_no_lambda_and_no_logger() throws Exception {
        List<String> loaded = classesLoadedBy(StartAndClose.class);

        assertThat(loaded).anyMatch(line -> line.contains(" io.dflockd.fake.server.SocketLoop source:"));
        assertThat(loaded.stream().filter(SLOW.asPredicate()))
                .as("write a loop, a condition or a plain class instead; see the package io.dflockd.fake.server")
                .isEmpty();
    }

    private List<String> classesLoadedBy(Class<?> program) throws IOException, InterruptedException {
        Path log = folder.resolve("classes.txt");
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("ended within %d s", LIMIT_SECONDS)
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as("%s", Files.readString(said)).isZero();
        List<String> lines = Files.readAllLines(log);
        // Before the program, the JVM has loaded much that it keeps ready, and that costs nothing.
        return lines.stream()
                .dropWhile(line -> !line.contains(' ' + program.getName() + " source:"))
                .toList();
    }
}

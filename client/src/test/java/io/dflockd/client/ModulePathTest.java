package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client as a module: small programs that are modules too are compiled against it and run in a JVM without a class path. */
@Timeout(120)
class ModulePathTest {

    private static final int LIMIT_SECONDS = 60;
    private static final List<Path> CLASS_PATH = Pattern.compile(Pattern.quote(File.pathSeparator))
            .splitAsStream(System.getProperty("java.class.path"))
            .map(Path::of)
            .toList();

    private static final String HOLDS_A_LOCK = """
            package app;

            import io.dflockd.client.DflockdClient;
            import io.dflockd.client.Lease;
            import io.dflockd.fake.FakeDflockdServer;

            public class Main {
                public static void main(String[] args) throws Exception {
                    try (FakeDflockdServer server = FakeDflockdServer.start();
                            DflockdClient client = DflockdClient.connect(server.address());
                            Lease lease = client.lock("orders").acquire()) {
                        System.out.println(lease.getClass().getModule() + " holds: " + lease.isHeld());
                    }
                }
            }
            """;

    private static final String COUNTS_LOCKS = """
            package app;

            import io.dflockd.client.DflockdClient;
            import io.dflockd.client.micrometer.DflockdMetrics;
            import io.dflockd.fake.FakeDflockdServer;
            import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

            public class Main {
                public static void main(String[] args) throws Exception {
                    SimpleMeterRegistry registry = new SimpleMeterRegistry();
                    try (FakeDflockdServer server = FakeDflockdServer.start();
                            DflockdClient client = DflockdClient.builder()
                                    .servers(server.address())
                                    .listener(DflockdMetrics.of(registry))
                                    .build()) {
                        client.lock("orders").run(() -> {});
                        System.out.println("acquired: " + registry.get("dflockd.acquire").timer().count());
                    }
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void a_modular_program_needs_slf4j_and_nothing_else() throws Exception {
        String modules = modulePath(name -> name.startsWith("slf4j-api"));

        assertThat(compile(modules, "requires io.dflockd.client; requires io.dflockd.fake;", HOLDS_A_LOCK))
                .isEmpty();
        assertThat(run(modules)).contains("module io.dflockd.client holds: true");
    }

    @Test
    void a_modular_program_with_micrometer_counts() throws Exception {
        String modules = modulePath(name -> name.startsWith("slf4j-api")
                || name.startsWith("micrometer-")
                || name.startsWith("HdrHistogram")
                || name.startsWith("LatencyUtils")
                || name.startsWith("jspecify"));

        assertThat(compile(
                        modules,
                        "requires io.dflockd.client; requires io.dflockd.fake; requires micrometer.core;",
                        COUNTS_LOCKS))
                .isEmpty();
        assertThat(run(modules)).contains("acquired: 1");
    }

    @Test
    void what_is_internal_cannot_be_reached() throws Exception {
        String modules = modulePath(name -> name.startsWith("slf4j-api"));

        assertThat(compile(
                        modules,
                        "requires io.dflockd.client; requires io.dflockd.fake;",
                        "package app; class Main { io.dflockd.client.internal.WireKey key; }"))
                .contains("package io.dflockd.client.internal is not visible");
        assertThat(compile(
                        modules,
                        "requires io.dflockd.client; requires io.dflockd.fake;",
                        "package app; class Main { io.dflockd.fake.server.SocketLoop loop; }"))
                .contains("package io.dflockd.fake.server is not visible");
    }

    /** The two modules of the project, wherever this build has put them, and these jars. */
    private static String modulePath(Predicate<String> jars) {
        return CLASS_PATH.stream()
                .filter(entry -> Files.exists(entry.resolve("module-info.class"))
                        || entry.getFileName().toString().startsWith("dflockd-fake-server")
                        || jars.test(entry.getFileName().toString()))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What the compiler complains about. */
    private String compile(String modules, String directives, String source) throws IOException {
        Path module = Files.writeString(folder.resolve("module-info.java"), "module app { " + directives + " }");
        Path main = Files.writeString(folder.resolve("Main.java"), source);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(out, out, "-p", modules, "-d", classes(), module.toString(), main.toString());
        return said.toString();
    }

    /** What the program prints in a JVM of its own. */
    private String run(String modules) throws Exception {
        Path printed = folder.resolve("printed.txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = Stream.of(modules, classes()).collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(java, "-p", path, "-m", "app/app.Main")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("ended in time")
                    .isTrue();
            return Files.readString(printed);
        } finally {
            process.destroyForcibly();
        }
    }

    private String classes() {
        return folder.resolve("classes").toString();
    }
}

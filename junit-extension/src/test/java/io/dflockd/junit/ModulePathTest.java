package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The extension as a module: a test class in a module of its own is compiled against it and run by JUnit in a JVM without a class path. */
@Timeout(120)
class ModulePathTest {

    private static final int LIMIT_SECONDS = 60;

    private static final String MODULE = """
            open module app {
                requires io.dflockd.junit;
                requires org.junit.platform.launcher;
            }
            """;

    private static final String MAIN = """
            package app;

            import io.dflockd.client.DflockdClient;
            import io.dflockd.client.Lease;
            import io.dflockd.fake.FakeDflockdServer;
            import io.dflockd.junit.WithDflockd;
            import java.io.PrintWriter;
            import org.junit.jupiter.api.Assertions;
            import org.junit.jupiter.api.Test;
            import org.junit.platform.engine.discovery.DiscoverySelectors;
            import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
            import org.junit.platform.launcher.core.LauncherFactory;
            import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

            @WithDflockd
            public class Main {
                @Test
                void holds(DflockdClient client, FakeDflockdServer server) throws InterruptedException {
                    try (Lease lease = client.lock("orders").acquire()) {
                        Assertions.assertTrue(lease.isHeld());
                        server.verify().neverHeldTwice("orders");
                    }
                }

                public static void main(String[] args) {
                    SummaryGeneratingListener listener = new SummaryGeneratingListener();
                    LauncherFactory.create().execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(Main.class))
                                    .build(),
                            listener);
                    listener.getSummary().printFailuresTo(new PrintWriter(System.out));
                    System.out.println("passed in " + WithDflockd.class.getModule() + ": "
                            + listener.getSummary().getTestsSucceededCount());
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void a_test_class_in_a_module_gets_its_server_and_its_client() throws Exception {
        String modules = modulePath();

        assertThat(compile(modules)).isEmpty();
        assertThat(run(modules, Map.of())).contains("passed in module io.dflockd.junit: 1");
    }

    /** Testcontainers is on no module path that has not been told of it. */
    @Test
    void without_testcontainers_a_container_is_refused_with_what_to_add() throws Exception {
        String modules = modulePath();

        assertThat(compile(modules)).isEmpty();
        assertThat(run(modules, Map.of("DFLOCKD_BACKEND", "container")))
                .contains("@WithDflockd on app.Main: the server is container (environment variable DFLOCKD_BACKEND),"
                        + " which needs Testcontainers. Add the dependency org.testcontainers:testcontainers")
                .contains("passed in module io.dflockd.junit: 0");
    }

    /** The extension, JUnit, and what both need; of the optional ones only the one that the compiler wants for JUnit. */
    private static String modulePath() {
        Path[] classPath = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getProperty("java.class.path"))
                .map(Path::of)
                .filter(entry -> Files.isRegularFile(entry) || Files.exists(entry.resolve("module-info.class")))
                .toArray(Path[]::new);
        Configuration needed = ModuleLayer.boot()
                .configuration()
                .resolve(
                        ModuleFinder.of(classPath),
                        ModuleFinder.of(),
                        Set.of(
                                "io.dflockd.junit",
                                "org.junit.jupiter.engine",
                                "org.junit.platform.launcher",
                                "org.apiguardian.api"));
        return needed.modules().stream()
                .map(module ->
                        Path.of(module.reference().location().orElseThrow()).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** What the compiler complains about. */
    private String compile(String modules) throws IOException {
        Path module = Files.writeString(folder.resolve("module-info.java"), MODULE);
        Path main = Files.writeString(folder.resolve("Main.java"), MAIN);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(out, out, "-p", modules, "-d", classes(), module.toString(), main.toString());
        return said.toString();
    }

    /** What the program prints in a JVM of its own. */
    private String run(String modules, Map<String, String> variables) throws Exception {
        Path printed = folder.resolve("printed.txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = modules + File.pathSeparator + classes();
        ProcessBuilder builder = new ProcessBuilder(java, "-p", path, "-m", "app/app.Main")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
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

package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the package descriptions of client and fake server show as an example is Java that compiles. */
class PackageExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\n(.*?) \\* }</pre>", Pattern.DOTALL);

    /** What the examples take for granted: what is in the packages, and a few things that a user has. */
    private static final String AROUND = """
            import io.dflockd.client.*;
            import io.dflockd.client.micrometer.*;
            import io.dflockd.client.spi.ClientRuntime;
            import io.dflockd.fake.*;
            import io.dflockd.fake.engine.*;
            import io.dflockd.fake.fault.*;
            import io.dflockd.fake.journal.*;
            import io.dflockd.fake.protocol.*;
            import io.dflockd.fake.tls.*;
            import io.micrometer.core.instrument.MeterRegistry;
            import java.nio.charset.StandardCharsets;
            import java.time.Duration;
            import java.util.List;
            import java.util.function.Supplier;
            import javax.net.ssl.SSLContext;

            abstract class Example {
                Supplier<ClientRuntime> simulator;
                MeterRegistry registry;
                FakeDflockdServer server;
                Command command;

                void example() throws Exception {
            %s
                }
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client/src/main/java/io/dflockd/client",
                "client/src/main/java/io/dflockd/client/micrometer",
                "client/src/main/java/io/dflockd/client/spi",
                "fake-server/src/main/java/io/dflockd/fake",
                "fake-server/src/main/java/io/dflockd/fake/engine",
                "fake-server/src/main/java/io/dflockd/fake/fault",
                "fake-server/src/main/java/io/dflockd/fake/journal",
                "fake-server/src/main/java/io/dflockd/fake/protocol",
                "fake-server/src/main/java/io/dflockd/fake/tls",
            })
    void the_example_of_the_package_compiles(String source) throws IOException {
        String described = Files.readString(Path.of("..", source, "package-info.java"));
        Matcher example = EXAMPLE.matcher(described);
        assertThat(example.find()).as("has an example").isTrue();
        String code = AROUND.formatted(example.group(1).replaceAll("(?m)^ \\*", ""));

        assertThat(compiled(code)).isEmpty();
    }

    /** What the compiler complains about. */
    private String compiled(String code) throws IOException {
        Path file = Files.writeString(folder.resolve("Example.java"), code);
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        file.toString());
        return said.toString();
    }
}

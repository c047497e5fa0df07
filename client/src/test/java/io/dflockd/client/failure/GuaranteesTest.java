package io.dflockd.client.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/guarantees.md names exists, in whatever module. */
class GuaranteesTest {

    private static final Path PROJECT = Path.of("..");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|Properties))\\.(\\w+)(\\.\\.\\.)?`");

    @Test
    void every_test_that_the_guarantees_name_exists() throws IOException {
        Map<String, String> sources = testSources();
        List<MatchResult> named = NAMED.matcher(Files.readString(PROJECT.resolve("docs/guarantees.md")))
                .results()
                .toList();
        List<String> missing = new ArrayList<>();
        for (MatchResult test : named) {
            if (!sources.getOrDefault(test.group(1), "").contains("void " + test.group(2) + rest(test))) {
                missing.add(test.group(1) + "." + test.group(2));
            }
        }
        assertThat(missing).as("write the test, or take it out of the page").isEmpty();
        assertThat(named).hasSizeGreaterThan(50);
    }

    /** A name with dots at its end stands for all that begin like it. */
    private static String rest(MatchResult test) {
        return test.group(3) == null ? "(" : "";
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(PROJECT)) {
            for (Path tests : modules.map(module -> module.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                            .toList()) {
                        String name = file.getFileName().toString().replace(".java", "");
                        sources.merge(name, Files.readString(file), String::concat);
                    }
                }
            }
        }
        return sources;
    }
}

package io.dflockd.client.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/guarantees.md says about tests is true, in whatever module they are. */
class GuaranteesTest {

    private static final Path PROJECT = Path.of("..");
    private static final String RULES = "## The rules and their tests";
    /** Whatever looks like a test or a class of tests, or like a part of such a name. */
    private static final Pattern ANY = Pattern.compile("`([^`\\n]*(?:Test|Properties|rule_\\d)[^`\\n]*)`");

    private static final Pattern RULE = Pattern.compile("void rule_(\\d\\d)_");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| [^|]+ \\| ([^|]+) \\|$");

    @Test
    void every_test_that_the_guarantees_name_exists_and_has_its_full_name() throws IOException {
        Map<String, String> sources = testSources();
        List<String> missing = new ArrayList<>();
        List<String> named = ANY.matcher(page().split(RULES, 2)[0])
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.equals("rule_"))
                .toList();
        for (String name : named) {
            String[] parts = name.split("\\.", 2);
            if (parts.length < 2 || !sources.getOrDefault(parts[0], "").contains("void " + parts[1] + "(")) {
                missing.add(name);
            }
        }
        assertThat(missing)
                .as("write the test, or take it out of the page; `ClassTest.its_whole_name`")
                .isEmpty();
        assertThat(named).hasSizeGreaterThan(150);
    }

    @Test
    void every_rule_has_tests_and_the_page_says_in_which_classes() throws IOException {
        Map<Integer, TreeSet<String>> classes = new TreeMap<>();
        testSources().forEach((name, source) -> RULE.matcher(source).results().forEach(rule -> classes.computeIfAbsent(
                        Integer.parseInt(rule.group(1)), r -> new TreeSet<>())
                .add("`" + name + "`")));
        Map<Integer, String> expected = new TreeMap<>();
        classes.forEach((rule, names) -> expected.put(rule, String.join(", ", names)));

        Map<Integer, String> said = new TreeMap<>();
        for (MatchResult row : ROW.matcher(page().split(RULES, 2)[1]).results().toList()) {
            said.put(Integer.parseInt(row.group(1)), row.group(2));
        }
        assertThat(said).as("rule -> classes").isEqualTo(expected);
        assertThat(said).as("the rules of DESIGN section 4").hasSize(16);
    }

    private static String page() throws IOException {
        return Files.readString(PROJECT.resolve("docs/guarantees.md"));
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

package io.dflockd.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A page whose Java is taken from a test, where it is compiled and run. */
record Guide(Path page, Path test) {

    static Guide of(String page, Class<?> test) {
        return new Guide(
                Path.of("..", "docs", page),
                Path.of("src/test/java", test.getName().replace('.', '/') + ".java"));
    }

    String text() throws IOException {
        return Files.readString(page);
    }

    /** The Java that the page shows behind this marker. */
    String shown(String snippet) throws IOException {
        String marker = "<!-- snippet: " + snippet + " -->\n```java\n";
        int start = text().indexOf(marker);
        if (start < 0) {
            throw new AssertionError(page + " has no snippet " + snippet);
        }
        return text().substring(start + marker.length(), text().indexOf("```", start + marker.length()));
    }

    /** The lines between the marks of a snippet in the test, without their common indentation. */
    String source(String snippet) throws IOException {
        List<String> lines = Files.readAllLines(test);
        List<String> words = lines.stream().map(String::strip).toList();
        int start = words.indexOf("// snippet: " + snippet) + 1;
        int length = words.subList(start, words.size()).indexOf("// end");
        return String.join("\n", lines.subList(start, start + length)).stripIndent() + "\n";
    }
}

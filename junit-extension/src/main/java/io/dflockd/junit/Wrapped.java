package io.dflockd.junit;

import java.util.List;
import java.util.stream.Collectors;

/** Text for terminals of 80 columns. */
final class Wrapped {

    private static final int WIDTH = 80;

    private Wrapped() {}

    /** The text in as many lines as it takes; every one but the first begins with so many more blanks than it has itself. */
    static String of(String text, int indentation) {
        StringBuilder lines = new StringBuilder();
        String line = text.stripTrailing();
        String blanks = " ".repeat(indentation);
        while (line.length() > WIDTH) {
            int end = line.lastIndexOf(' ', WIDTH);
            if (line.substring(0, Math.max(end, 0)).isBlank()) {
                break; // one long word
            }
            lines.append(line, 0, end).append('\n');
            line = blanks + line.substring(end + 1);
        }
        return lines.append(line).toString();
    }

    /** Each of them behind a dash. */
    static String list(List<String> items) {
        return items.stream().map(item -> of("  - " + item, 4)).collect(Collectors.joining("\n"));
    }
}

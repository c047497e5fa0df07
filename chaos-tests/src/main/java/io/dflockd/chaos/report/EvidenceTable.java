package io.dflockd.chaos.report;

import io.dflockd.chaos.history.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The few events that prove a violation, one a line, with times counted from the first. */
final class EvidenceTable {

    private static final int MOST = 20;

    private EvidenceTable() {}

    static List<String> lines(List<Event> evidence, int columns) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%10s %12s  %-10s %s", "seq", "seconds", "who", "what"));
        long start = evidence.stream().mapToLong(Event::time).min().orElse(0);
        for (Event event : evidence.subList(0, Math.min(MOST, evidence.size()))) {
            String line = String.format(
                    Locale.ROOT,
                    "%10d %12.6f  %-10s %s",
                    event.seq(),
                    (event.time() - start) / 1e9,
                    event.actor(),
                    what(event));
            lines.add(line.length() <= columns ? line : line.substring(0, columns - 3) + "...");
        }
        if (evidence.size() > MOST) {
            lines.add(String.format(Locale.ROOT, "%10s and %d more", "", evidence.size() - MOST));
        }
        return lines;
    }

    private static String what(Event event) {
        StringBuilder text = new StringBuilder(event.type().name());
        text.append(part(" ", event.conn() == 0 ? null : "#" + event.conn()));
        text.append(part(" ", event.key()));
        text.append(part(": ", shortened(event.text())));
        if (event.text() == null) {
            text.append(part(" ", shortened(event.token())));
            text.append(part(" ", event.value() == 0 ? null : Long.toString(event.value())));
        }
        return text.toString();
    }

    private static String part(String before, @Nullable String text) {
        return text == null ? "" : before + text;
    }

    /** Eight digits of a token tell it from the others. */
    private static @Nullable String shortened(@Nullable String text) {
        return text == null ? null : text.replaceAll("\\b([0-9a-f]{8})[0-9a-f]{24}\\b", "$1..");
    }
}

package io.dflockd.chaos.report;

import io.dflockd.chaos.check.Result;
import io.dflockd.chaos.check.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A verdict in lines of at most 80 columns; only the very last one, which others read by machine, may be longer. */
public final class VerdictText {

    private static final int COLUMNS = 80;

    private VerdictText() {}

    /** One line per property, then the evidence of the first violation, then the verdict. */
    public static List<String> lines(Verdict verdict) {
        List<String> lines = new ArrayList<>();
        for (Result result : verdict.results()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-4s %-15s %10s  %s",
                    result.property(),
                    result.outcome().name().replace('_', ' '),
                    cases(result),
                    meaning(result.property())));
        }
        verdict.violations().stream().findFirst().ifPresent(violation -> {
            lines.add("");
            lines.addAll(wrapped(violation.property() + ": " + violation.detail()));
            lines.addAll(EvidenceTable.lines(violation.evidence(), COLUMNS));
            lines.add("");
        });
        lines.add(verdict.lastLine());
        return lines;
    }

    private static String cases(Result result) {
        return switch (result.outcome()) {
            case VALID, INVALID -> String.format(Locale.ROOT, "%,d cases", result.cases());
            case NOT_REACHED, NOT_APPLICABLE -> "";
        };
    }

    private static String meaning(String property) {
        return switch (property) {
            case "P1" -> "never more holders than the limit";
            case "P2" -> "only live holders are told of a grant";
            case "P3a" -> "clients that believe to hold never overlap";
            case "P4" -> "first come, first served";
            case "P5" -> "timeouts neither early nor late";
            case "P17" -> "no update lost in the critical section";
            default -> "";
        };
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}

package io.dflockd.chaos.check;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a history says about all properties.
 *
 * @param results one per property, in the order of PROPERTIES.md
 * @param events how many events the history has
 * @param strict whether a property that was not reached is a failure
 */
public record Verdict(List<Result> results, long events, boolean strict) {

    public static final int VALID = 0;
    public static final int INVALID = 1;
    public static final int COULD_NOT_RUN = 2;

    public Verdict {
        results = List.copyOf(results);
    }

    /** The violated properties. */
    public List<Result> violations() {
        return with(Outcome.INVALID);
    }

    private List<Result> with(Outcome outcome) {
        return results.stream().filter(r -> r.outcome() == outcome).toList();
    }

    private static String ids(List<Result> some) {
        return some.stream().map(Result::property).collect(Collectors.joining(", "));
    }

    /** The last line of a run: {@code VALID}, {@code VALID (not reached: P5)} or {@code INVALID P4 why}. */
    public String lastLine() {
        List<Result> violations = violations();
        if (!violations.isEmpty()) {
            return "INVALID " + ids(violations) + " " + violations.get(0).detail();
        }
        List<Result> missed = with(Outcome.NOT_REACHED);
        return missed.isEmpty() ? "VALID" : "VALID (not reached: " + ids(missed) + ")";
    }

    /** 0 valid, 1 violation, 2 if strict and a property was not reached. */
    public int exitStatus() {
        if (!violations().isEmpty()) {
            return INVALID;
        }
        return strict && !with(Outcome.NOT_REACHED).isEmpty() ? COULD_NOT_RUN : VALID;
    }
}

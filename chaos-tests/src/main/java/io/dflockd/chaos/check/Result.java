package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.List;

/**
 * The verdict on one property.
 *
 * @param property its id in PROPERTIES.md, as {@code P3a}
 * @param cases how many conclusive cases there were
 * @param detail if INVALID, why, in one line; if NOT_APPLICABLE, what is missing
 * @param evidence if INVALID, the few events that prove it, in order
 */
public record Result(String property, Outcome outcome, long cases, String detail, List<Event> evidence) {

    public Result {
        evidence = List.copyOf(evidence);
    }

    static Result notApplicable(String property, String why) {
        return new Result(property, Outcome.NOT_APPLICABLE, 0, why, List.of());
    }

    /** Both forms of one property together: the worse one, and the cases of both. */
    Result and(Result other) {
        Result worse = rank(outcome) >= rank(other.outcome) ? this : other;
        return new Result(property, worse.outcome, cases + other.cases, worse.detail, worse.evidence);
    }

    private static int rank(Outcome outcome) {
        return switch (outcome) {
            case INVALID -> 3;
            case VALID -> 2;
            case NOT_REACHED -> 1;
            case NOT_APPLICABLE -> 0;
        };
    }
}

package io.dflockd.chaos.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A duel and the steps it took. It begins with its first step, so that the options of the server may be a step too, and be left out while shrinking. */
public final class Run {

    private final List<Step> steps = new ArrayList<>();
    private Optional<Duel> duel = Optional.empty();

    boolean hasBegun() {
        return duel.isPresent();
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    Duel duel() {
        if (duel.isEmpty()) {
            duel = Optional.of(new Duel(Duel.options(1, 1024, 0, true, false), Steps.CONNECTIONS));
        }
        return duel.orElseThrow();
    }

    void apply(Step step) {
        steps.add(step);
        if (!(step instanceof Step.Begin begin)) {
            duel().apply(step);
        } else if (duel.isEmpty()) {
            duel = Optional.of(new Duel(begin.options(), Steps.CONNECTIONS));
        }
    }

    /** What goes wrong when these steps are taken and everybody leaves. */
    static Optional<Violation> of(List<Step> steps) {
        Run run = new Run();
        try {
            steps.forEach(run::apply);
            run.duel().finish();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation.after(run.steps(), run.duel().judged()));
        }
    }
}

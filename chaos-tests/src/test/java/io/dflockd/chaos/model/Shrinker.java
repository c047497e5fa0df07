package io.dflockd.chaos.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds a short run that breaks the same property. jqwik's own shrinking goes on in threads that nobody stops, and ends at about twice the length; this one
 * leaves out steps, in ever smaller blocks, and makes those that stay simpler, until nothing helps.
 */
final class Shrinker {

    private Violation best;
    private List<Step> steps;

    private Shrinker(List<Step> steps, Violation found) {
        this.steps = steps;
        this.best = found;
    }

    static Violation shrink(List<Step> steps, Violation found) {
        Shrinker shrinker = new Shrinker(steps, found.after(steps, List.of()));
        boolean shorter = true;
        while (shorter) {
            shorter = shrinker.leaveOut();
            shorter |= shrinker.simplify();
        }
        return shrinker.best;
    }

    private boolean leaveOut() {
        boolean better = false;
        for (int size = Math.max(1, steps.size() / 2); size > 0; size /= 2) {
            for (int from = steps.size() - size; from >= 0; from--) {
                List<Step> rest = new ArrayList<>(steps.subList(0, from));
                rest.addAll(steps.subList(from + size, steps.size()));
                if (accept(rest)) {
                    better = true;
                    from = Math.min(from, steps.size() - size + 1);
                }
            }
        }
        return better;
    }

    private boolean simplify() {
        boolean better = false;
        for (int i = 0; i < steps.size(); i++) {
            for (Step simpler : steps.get(i).simpler()) {
                List<Step> changed = new ArrayList<>(steps);
                changed.set(i, simpler);
                if (accept(changed)) {
                    better = true;
                    break;
                }
            }
        }
        return better;
    }

    private boolean accept(List<Step> candidate) {
        Optional<Violation> violation = Run.of(candidate);
        if (violation.isEmpty() || violation.get().getClass() != best.getClass()) {
            return false;
        }
        best = violation.get();
        steps = candidate;
        return true;
    }
}

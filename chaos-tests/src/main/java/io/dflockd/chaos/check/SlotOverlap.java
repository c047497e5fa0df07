package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** P3a: belief windows of different tokens of one key never overlap by more than the limit. Takes decided windows, per key in the order of opening. */
final class SlotOverlap extends Check {

    private final Map<String, List<BeliefWindow>> open = new HashMap<>();

    SlotOverlap() {
        super("P3a");
    }

    void window(BeliefWindow window) {
        if (window.isEmpty() || window.limit() <= 0) {
            return;
        }
        List<BeliefWindow> held = open.get(window.queue());
        if (held == null) {
            held = new ArrayList<>();
            open.put(window.queue(), held);
        } else {
            reached();
        }
        held.removeIf(other -> other.end() <= window.opened() || other.token().equals(window.token()));
        held.add(window);
        long limit = held.stream().mapToLong(BeliefWindow::limit).max().orElse(1);
        if (held.size() > limit) {
            violated(held, limit);
        }
    }

    private void violated(List<BeliefWindow> held, long limit) {
        BeliefWindow last = held.get(held.size() - 1);
        long end = held.stream().mapToLong(BeliefWindow::end).min().orElse(last.end());
        List<Event> evidence = new ArrayList<>();
        held.forEach(window -> evidence.addAll(window.evidence()));
        String who = held.stream().map(BeliefWindow::actor).toList().toString();
        violated(
                "key '" + last.queue().substring(2) + "' (limit " + limit + ") was held by " + who + " at once, for "
                        + Spans.text(end - last.opened()),
                evidence);
    }
}

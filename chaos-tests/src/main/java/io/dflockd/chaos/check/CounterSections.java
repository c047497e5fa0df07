package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * P17: the counter of a key, read after ENTER and written before EXIT (which tells what was written), loses no update.
 *
 * <p>Two sections count only if they left the critical section one right after the other, both lie inside the belief window of their token, and nobody else was
 * in the section from the first one's ENTER to the second one's EXIT without such a window: a holder that overstayed may overwrite anything.
 */
final class CounterSections extends Check {

    /** A stay in the critical section. */
    private static final class Section {
        private final Event enter;
        private final Optional<BeliefWindow> window;
        private @Nullable Event exit;
        /** Somebody was still inside when this one left; what that one did later is not known here. */
        private boolean crowded;

        Section(Event enter, Optional<BeliefWindow> window) {
            this.enter = enter;
            this.window = window;
        }

        boolean decided() {
            return window.isEmpty() || window.get().decided();
        }

        Event exit() {
            if (exit == null) {
                throw new IllegalStateException("has not left: only sections that have are queued");
            }
            return exit;
        }

        boolean conclusive() {
            return window.isPresent()
                    && window.get().limit() == 1
                    && window.get().openedSeq() < enter.seq()
                    && exit().time() <= window.get().end();
        }
    }

    /** What is going on at one key. */
    private static final class Counter {
        private final Map<String, Section> inside = new HashMap<>();
        private final Deque<Section> left = new ArrayDeque<>();
        private @Nullable Section previous;
        private long lastDoubtfulExit;
    }

    private final BeliefWindows windows;
    private final Map<String, Counter> counters = new HashMap<>();
    private boolean entered;

    CounterSections(BeliefWindows windows) {
        super("P17");
        this.windows = windows;
    }

    @Override
    void event(Event event) {
        String key = event.key();
        String token = event.token();
        if (key == null || token == null) {
            return;
        }
        if (event.type() == EventType.ENTER) {
            entered = true;
            counters.computeIfAbsent(key, k -> new Counter())
                    .inside
                    .put(token, new Section(event, windows.find(key, token)));
        } else if (event.type() == EventType.EXIT) {
            Counter counter = counters.get(key);
            Section section = counter == null ? null : counter.inside.remove(token);
            if (counter != null && section != null) {
                section.exit = event;
                section.crowded = !counter.inside.isEmpty();
                counter.left.add(section);
                judge(counter, false);
            }
        }
    }

    private void judge(Counter counter, boolean all) {
        while (!counter.left.isEmpty() && (all || counter.left.element().decided())) {
            Section section = counter.left.remove();
            if (!section.conclusive()) {
                counter.lastDoubtfulExit = section.exit().seq();
                counter.previous = null;
                continue;
            }
            Section before = counter.previous;
            if (before != null && !section.crowded && counter.lastDoubtfulExit < before.enter.seq()) {
                compare(before, section);
            }
            counter.previous = section;
        }
    }

    private void compare(Section before, Section section) {
        reached();
        long read = section.exit().value() - 1;
        if (read != before.exit().value()) {
            violated(
                    "key '" + section.enter.key() + "': " + section.enter.actor() + " read " + read + " although "
                            + before.enter.actor() + " had written "
                            + before.exit().value(),
                    List.of(before.enter, before.exit(), section.enter, section.exit()));
        }
    }

    @Override
    void finish() {
        counters.values().forEach(counter -> judge(counter, true));
    }

    @Override
    Result result() {
        return entered ? super.result() : Result.notApplicable(property(), "no critical section in this history");
    }
}

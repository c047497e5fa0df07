package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.HistoryException;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs all checks over one history, event by event. Used once, by one thread. */
public final class Judge {

    /** The properties that can be judged, in order. */
    public static final List<String> PROPERTIES = List.of("P1", "P2", "P3a", "P4", "P5", "P17");

    /** How late an answer may be (P5). */
    public static final Duration LATE = Duration.ofSeconds(5);

    private static final String NO_TRUTH = "needs server truth";

    private final Set<String> wanted;
    private final List<Check> checks = new ArrayList<>();
    private final List<Result> fixed = new ArrayList<>();
    private final Wire wire;
    private long events;

    /**
     * @param header of the history; says whether it has server truth
     * @param properties those to judge, of {@link #PROPERTIES}
     * @throws IllegalArgumentException if one of them is not known
     */
    public Judge(HistoryHeader header, Set<String> properties) {
        requireKnown(properties);
        wanted = new TreeSet<>(properties);
        SlotOverlap overlap = new SlotOverlap();
        BeliefWindows windows = new BeliefWindows(overlap::window);
        checks.add(windows);
        checks.add(overlap);
        checks.add(new Overtaking());
        checks.add(new ReplyTimes(LATE.toNanos()));
        checks.add(new CounterSections(windows));
        if (header.serverTruth()) {
            checks.add(new HolderLimit());
            checks.add(new LiveReplies());
            checks.add(new QueueOrder());
            checks.add(new WaiterTimes(LATE.toNanos()));
        } else {
            fixed.add(Result.notApplicable("P1", NO_TRUTH));
            fixed.add(Result.notApplicable("P2", NO_TRUTH));
        }
        wire = new Wire(checks);
    }

    /**
     * Refuses names that are no properties.
     *
     * @throws IllegalArgumentException if one of them is not among {@link #PROPERTIES}; says which
     */
    public static void requireKnown(Set<String> properties) {
        for (String property : properties) {
            if (!PROPERTIES.contains(property)) {
                throw new IllegalArgumentException(
                        "unknown property '" + property + "'; known are " + String.join(", ", PROPERTIES));
            }
        }
    }

    /** Judges all properties. */
    public Judge(HistoryHeader header) {
        this(header, Set.copyOf(PROPERTIES));
    }

    /**
     * Judges the history in a file.
     *
     * @throws HistoryException if the file is no complete history
     */
    public static Verdict judge(Path file, Set<String> properties, boolean strict) throws IOException {
        try (HistoryReader reader = HistoryReader.open(file)) {
            Judge judge = new Judge(reader.header(), properties);
            reader.forEach(judge::event);
            return judge.verdict(strict);
        }
    }

    /** Takes the next event of the history. */
    public void event(Event event) {
        events++;
        for (Check check : checks) {
            check.event(event);
        }
        wire.event(event);
    }

    /** The history is over. */
    public Verdict verdict(boolean strict) {
        checks.forEach(Check::finish);
        Map<String, Result> results = new LinkedHashMap<>();
        for (String property : PROPERTIES) {
            if (wanted.contains(property)) {
                fixed.stream().filter(r -> r.property().equals(property)).forEach(r -> results.put(property, r));
                checks.stream()
                        .map(Check::result)
                        .filter(r -> r.property().equals(property))
                        .forEach(r -> results.merge(property, r, Result::and));
            }
        }
        return new Verdict(List.copyOf(results.values()), events, strict);
    }
}

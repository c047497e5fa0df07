package io.dflockd.chaos.history;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first line of a history: how it came about.
 *
 * @param mode {@code fake}, {@code server} or {@code simulation}
 * @param serverTruth whether the server's events are in it; without them it is a black-box history
 * @param seed what all random choices came from
 * @param settings the settings of the run, by name; for readers, no checker looks at them
 */
public record HistoryHeader(String mode, boolean serverTruth, long seed, Map<String, String> settings) {

    /** The version of the format that this code writes, and the only one it reads. */
    public static final int VERSION = 1;

    public HistoryHeader {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
}

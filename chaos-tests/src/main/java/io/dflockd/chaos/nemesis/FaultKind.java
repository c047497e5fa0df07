package io.dflockd.chaos.nemesis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of faults that a run can inject. */
public enum FaultKind {
    /** Requests or replies are delayed. */
    LATENCY("latency", true),
    /** The server closes the connection instead of answering, before or after the state changed. */
    CLOSE("close", true),
    /** The same with a reset. */
    RESET("reset", true),
    /** All leases of a key end before their time. */
    EXPIRE("expire", true),
    /** A client's connection is closed under its feet. */
    DISCONNECT("disconnect", false),
    /** A client stands still between two steps, on the scale of its lease. */
    PAUSE("pause", false);

    private final String word;
    private final boolean needsFake;

    FaultKind(String word, boolean needsFake) {
        this.word = word;
        this.needsFake = needsFake;
    }

    /** The name on the command line. */
    public String word() {
        return word;
    }

    /** Whether only the fake server can do it. */
    public boolean needsFake() {
        return needsFake;
    }

    public static Optional<FaultKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    /** All that are possible with this kind of server. */
    public static Set<FaultKind> possible(boolean fake) {
        Set<FaultKind> kinds = EnumSet.allOf(FaultKind.class);
        kinds.removeIf(kind -> kind.needsFake && !fake);
        return kinds;
    }

    /** All names, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(FaultKind::word).collect(Collectors.joining(", "));
    }
}

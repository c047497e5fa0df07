package io.dflockd.chaos.mutants;

import java.util.Set;

/**
 * A wrong engine: one piece of its source replaced by another.
 *
 * @param name what is wrong with it
 * @param type the simple name of the class in the engine's package
 * @param old occurs exactly once in the source of that class; white space counts as one space
 * @param replacement what stands there instead
 * @param breaks the properties that may find it; a mutant that only others find is found by accident
 */
record Mutant(String name, String type, String old, String replacement, Set<String> breaks) {

    /** The source with the piece replaced. */
    String applyTo(String source) {
        String normal = source.replaceAll("(?m)^ *//.*$", "").replaceAll("\\s+", " ");
        int at = normal.indexOf(old);
        if (at < 0 || normal.indexOf(old, at + 1) >= 0) {
            throw new IllegalStateException("mutant \"" + name + "\": " + type + " was changed and has \"" + old
                    + "\" not exactly once; write the mutant anew");
        }
        return normal.substring(0, at) + replacement + normal.substring(at + old.length());
    }
}

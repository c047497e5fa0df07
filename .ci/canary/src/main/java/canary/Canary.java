package canary;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Two mistakes, one for each checker: if this compiles under the lint profile, the profile is dead. */
@NullMarked
final class Canary {

    private Canary() {}

    /** For NullAway: a null where none may be. */
    static int length(@Nullable String text) {
        return text.length();
    }

    /** For Error Prone: a result thrown away. */
    static void trimmed(String text) {
        text.trim();
    }
}

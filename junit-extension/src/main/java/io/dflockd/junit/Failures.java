package io.dflockd.junit;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What went wrong in steps of which each has to be taken, whatever the others do: the first is thrown at the end, the rest are attached to it. */
final class Failures {

    private @Nullable Throwable first;

    /** Takes a step. */
    void guard(Runnable step) {
        get(() -> {
            step.run();
            return true;
        });
    }

    /** Takes a step that has a result; empty if it failed. */
    <T> Optional<T> get(Supplier<T> step) {
        try {
            return Optional.of(step.get());
        } catch (RuntimeException | Error e) {
            if (first == null) {
                first = e;
            } else if (first != e) {
                first.addSuppressed(e);
            }
            return Optional.empty();
        }
    }

    void throwFirst() {
        if (first instanceof Error error) {
            throw error;
        } else if (first instanceof RuntimeException exception) {
            throw exception;
        }
    }
}

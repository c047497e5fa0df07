package io.dflockd.junit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * How a test, or a class, has gone so far.
 *
 * @param failure why it failed
 * @param isAborted whether it gave up by an assumption
 */
record Outcome(Optional<Throwable> failure, boolean isAborted) {

    static Outcome of(ExtensionContext context) {
        Optional<Throwable> thrown = context.getExecutionException();
        boolean aborted = thrown.filter(Outcome::aborts).isPresent();
        return new Outcome(aborted ? Optional.empty() : thrown, aborted);
    }

    boolean isFailed() {
        return failure.isPresent();
    }

    boolean isPassed() {
        return failure.isEmpty() && !isAborted;
    }

    /** As JUnit sees it; an assumption of JUnit 4 counts too. */
    static boolean aborts(Throwable thrown) {
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals("org.junit.internal.AssumptionViolatedException")) {
                return true;
            }
        }
        return thrown instanceof TestAbortedException;
    }
}

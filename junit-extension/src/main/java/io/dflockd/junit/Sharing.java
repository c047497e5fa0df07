package io.dflockd.junit;

import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Tests that share a server run one after the other, since each begins with a reset: under JUnit's parallel execution they are refused, each time and not only when
 * two happen to meet. To wait for each other would be no help: a thread of JUnit's pool that waits may be the one that the other test needs.
 */
final class Sharing {

    private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

    private Sharing() {}

    /**
     * Checks before a test.
     *
     * @throws ExtensionConfigurationException if it may run beside another on the same server
     */
    static void requireOneAtATime(ExtensionContext test, Claim claim) {
        if (isParallel(test)
                && isConcurrentBelow(claim.home(), test)
                && !isLocked(claim.home().getRequiredTestClass())) {
            throw refused(test, claim);
        }
    }

    /** Whether other tests may run beside this one, here or in other classes. */
    static boolean isParallel(ExtensionContext test) {
        return test.getConfigurationParameter(PARALLEL)
                .map(Boolean::parseBoolean)
                .orElse(false);
    }

    private static boolean isConcurrentBelow(ExtensionContext home, ExtensionContext test) {
        String end = home.getUniqueId();
        for (ExtensionContext at = test;
                !at.getUniqueId().equals(end);
                at = at.getParent().orElseThrow()) {
            if (at.getExecutionMode() == ExecutionMode.CONCURRENT) {
                return true;
            }
        }
        return false;
    }

    /** Then JUnit runs the class in one thread. */
    private static boolean isLocked(Class<?> type) {
        return AnnotationSupport.findRepeatableAnnotations(type, ResourceLock.class).stream()
                .anyMatch(lock -> lock.mode() == ResourceAccessMode.READ_WRITE);
    }

    private static ExtensionConfigurationException refused(ExtensionContext test, Claim claim) {
        String type = claim.home().getRequiredTestClass().getSimpleName();
        return new ExtensionConfigurationException(claim.settings().where() + ": the tests of " + type
                + " share one server, which is reset before each of them, and " + test.getDisplayName()
                + " may run at the same time as another. Say scope = PER_METHOD, so that each has a server of its own,"
                + " or @Execution(SAME_THREAD) on the class");
    }
}

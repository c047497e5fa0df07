package io.dflockd.junit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** JUnit's contexts: which of them have a server, and what is stored with them. */
final class Contexts {

    private static final Namespace NAMESPACE = Namespace.create(DflockdExtension.class);

    private Contexts() {}

    /**
     * The contexts at which something may be declared, the outermost class first: one for each test class, and the test itself. A nested class stands below the class
     * that it runs in, which is not always the one that encloses it in the source: it may have come from a superclass.
     */
    static List<ExtensionContext> homes(ExtensionContext context) {
        Deque<ExtensionContext> homes = new ArrayDeque<>();
        if (isOfTest(context)) {
            homes.addFirst(context);
        }
        ExtensionContext at = context;
        while (at.getParent().isPresent()) {
            ExtensionContext parent = at.getParent().get();
            boolean first = !at.getTestClass().equals(parent.getTestClass());
            if (!isOfTest(at) && at.getTestClass().isPresent() && first) {
                homes.addFirst(at);
            }
            at = parent;
        }
        return List.copyOf(homes);
    }

    /** Whether it is of a test, and not of a class. */
    static boolean isOfTest(ExtensionContext context) {
        return context.getTestMethod().isPresent();
    }

    /** The context of the test class that this one is in, or is itself. */
    static ExtensionContext ofClass(ExtensionContext context) {
        ExtensionContext at = context;
        while (isOfTest(at)) {
            at = at.getParent().orElseThrow();
        }
        return at;
    }

    /** The context of the test that a dynamic test is in. */
    static ExtensionContext ofTest(ExtensionContext dynamic) {
        ExtensionContext at = dynamic;
        while (!isOfTest(at)) {
            at = at.getParent().orElseThrow();
        }
        return at;
    }

    /** What is stored here, and visible below. */
    static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    /** A key for what belongs to exactly this context: stores also show what contexts above have. */
    static List<Object> key(ExtensionContext context, Object what) {
        return List.of(context.getUniqueId(), what);
    }
}

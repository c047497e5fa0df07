package io.dflockd.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/** Does what {@link WithDflockd} and {@link DflockdFault} say. */
final class AnnotationExtension extends ServerExtension {

    @Override
    void claimOwn(ExtensionContext context) {
        // the annotations' servers are claimed by whoever comes first
    }

    /** JUnit may make several, for methods for example. */
    @Override
    boolean isSameAs(ServerExtension other) {
        return other instanceof AnnotationExtension;
    }
}

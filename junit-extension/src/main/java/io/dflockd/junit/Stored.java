package io.dflockd.junit;

import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * A value in JUnit's store that is closed with it. Older versions of JUnit close only {@code CloseableResource}s, newer ones every {@link AutoCloseable}: so it
 * is both, and may be closed twice.
 */
@SuppressWarnings("deprecation")
record Stored<T>(T value, Consumer<? super T> closer) implements CloseableResource, AutoCloseable {

    @Override
    public void close() {
        closer.accept(value);
    }
}

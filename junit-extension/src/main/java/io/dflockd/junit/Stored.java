package io.dflockd.junit;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * A value in JUnit's store that is closed with it. Older versions of JUnit close only {@code CloseableResource}s, newer ones every {@link AutoCloseable}: so it
 * is both, and closed once.
 */
@SuppressWarnings("deprecation")
final class Stored<T> implements CloseableResource, AutoCloseable {

    private final T value;
    private final Consumer<? super T> closer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Stored(T value, Consumer<? super T> closer) {
        this.value = value;
        this.closer = closer;
    }

    /** The value of this context with this key, made now if there is none, and closed when the context is over. */
    @SuppressWarnings("unchecked")
    static <T> T in(ExtensionContext context, Object what, Supplier<T> maker, Consumer<? super T> closer) {
        Object key = Contexts.key(context, what);
        return ((Stored<T>)
                        Contexts.store(context).getOrComputeIfAbsent(key, missing -> new Stored<>(maker.get(), closer)))
                .value;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closer.accept(value);
        }
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener that is to run on an executor of the user, and runs here if that does not take it (DESIGN rule 5: exactly once). */
final class ElsewhereListener implements Consumer<LeaseLost> {

    private static final Logger LOG = LoggerFactory.getLogger(ElsewhereListener.class);

    private final Executor executor;
    private final Consumer<LeaseLost> listener;

    ElsewhereListener(Executor executor, Consumer<LeaseLost> listener) {
        this.executor = Objects.requireNonNull(executor, "executor");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    @Override
    public void accept(LeaseLost loss) {
        AtomicBoolean told = new AtomicBoolean();
        Runnable once = () -> {
            if (told.compareAndSet(false, true)) {
                LossNotices.call(listener, loss);
            }
        };
        try {
            executor.execute(once);
        } catch (Throwable e) { // also errors: the listener must hear of the loss whatever its executor is like
            LOG.error(
                    "the executor of a listener of the lost lease '{}' did not take it; it runs on a thread of the client",
                    loss.key(),
                    e);
            once.run();
        }
    }
}

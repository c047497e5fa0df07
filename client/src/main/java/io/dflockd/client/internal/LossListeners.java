package io.dflockd.client.internal;

import io.dflockd.client.LeaseLost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners of one lease. Whoever takes them out tells them, so each is told once, whatever happens at the same time. */
final class LossListeners extends AtomicReference<LossListeners.@Nullable Node> {

    private static final long serialVersionUID = 1L;

    void add(Consumer<LeaseLost> listener) {
        updateAndGet(before -> new Node(listener, before));
    }

    /** Takes all out, in the order in which they were added. */
    List<Consumer<LeaseLost>> take() {
        List<Consumer<LeaseLost>> taken = new ArrayList<>();
        for (Node node = getAndSet(null); node != null; node = node.before) {
            taken.add(node.listener);
        }
        Collections.reverse(taken);
        return taken;
    }

    record Node(Consumer<LeaseLost> listener, @Nullable Node before) {}
}

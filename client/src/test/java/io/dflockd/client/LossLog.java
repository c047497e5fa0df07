package io.dflockd.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What a listener was told, in order. */
public final class LossLog implements Consumer<LeaseLost> {

    private final List<LeaseLost> losses = new CopyOnWriteArrayList<>();

    @Override
    public void accept(LeaseLost loss) {
        losses.add(loss);
    }

    public List<LeaseLost> losses() {
        return losses;
    }

    public List<LeaseLost.Reason> reasons() {
        return losses.stream().map(LeaseLost::reason).toList();
    }
}

package io.dflockd.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What a listener was told, in order. */
public final class LossLog implements Consumer<LeaseLost> {

    private final List<LeaseLost> losses = new CopyOnWriteArrayList<>();
    private final List<Lease> leases = new CopyOnWriteArrayList<>();

    /** Hears of the loss of a lease, and keeps it: otherwise it would be a lease that nobody has any more, which ends at the next garbage collection. */
    public void listenTo(Lease lease) {
        leases.add(lease);
        lease.onLost(this);
    }

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

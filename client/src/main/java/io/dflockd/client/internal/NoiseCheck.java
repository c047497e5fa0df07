package io.dflockd.client.internal;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.Transport;
import java.util.concurrent.TimeUnit;

/**
 * What follows when something arrives on an idle connection that a lease or a place depends on (DESIGN rule 4): it is over, or, where bytes may mean nothing,
 * the server is asked.
 */
final class NoiseCheck extends LaneTask implements IdleListener {

    /** Who depends on the connection. */
    interface Owner {

        /** The connection is gone, and with it what was held on it. Must not wait. */
        void connectionLost();

        /** Makes an exchange, unless somebody else makes one just now or it is not needed any more; if it fails, the connection is lost. */
        void askServer();
    }

    /** A peer that never ceases to send bytes without a meaning gets so many questions and no more. */
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Shard shard;
    private final Owner owner;
    private long lastAsked;

    NoiseCheck(Shard shard, Owner owner) {
        this.shard = shard;
        this.owner = owner;
        this.lastAsked = shard.now() - PACE;
    }

    /** False if that cannot be. */
    boolean watch(Transport transport) {
        return shard.watchThread().watch(transport, this);
    }

    /** Called by the watching thread only. */
    @Override
    public void disturbed(boolean over) {
        if (over) {
            owner.connectionLost();
            return;
        }
        long now = shard.now();
        long next = lastAsked + PACE;
        lastAsked = next - now > 0 ? next : now;
        shard.lane().schedule(this, lastAsked);
    }

    @Override
    void run() {
        owner.askServer();
    }
}

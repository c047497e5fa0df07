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

        /** That connection is gone, and with it what was held on it. Must not wait. */
        void connectionLost(Connection gone);

        /**
         * Makes an exchange; if it fails, the connection is lost.
         *
         * @return false if somebody else used the connection just now, so that nothing was asked; true also if it need not be asked any more
         */
        boolean askServer();
    }

    /** A peer that never ceases to send bytes without a meaning gets so many questions and no more. */
    private static final long PACE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Shard shard;
    private final Owner owner;
    private final Connection connection;
    private long lastAsked;

    NoiseCheck(Shard shard, Owner owner, Connection connection) {
        this.shard = shard;
        this.owner = owner;
        this.connection = connection;
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
            owner.connectionLost(connection);
            return;
        }
        long now = shard.now();
        long next = lastAsked + PACE;
        lastAsked = next - now > 0 ? next : now;
        shard.lane().schedule(this, lastAsked);
    }

    @Override
    void run() {
        if (!connection.isClosed() && !owner.askServer()) {
            shard.lane().schedule(this, shard.now() + PACE); // it is not watched until something is asked
        }
    }

    @Override
    boolean runBriefly() {
        return connection.isClosed();
    }

    @Override
    boolean runsAgain() {
        return !connection.isClosed();
    }
}

package io.dflockd.client.internal;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a release that gets no answer, by closing its connection from the lane.
 *
 * <p>A read with a time limit costs twice the system calls of one without, and whoever gives up a release closes the connection anyway.
 */
final class ReleaseGuard extends LaneTask {

    private final Connection connection;
    private final AtomicBoolean armed = new AtomicBoolean(true);

    ReleaseGuard(Connection connection) {
        this.connection = connection;
    }

    /** Whether the answer was first. If it was not, the connection is being closed. */
    boolean disarm() {
        return armed.compareAndSet(true, false);
    }

    boolean isArmed() {
        return armed.get();
    }

    @Override
    void run() {
        if (disarm()) {
            connection.close();
        }
    }
}

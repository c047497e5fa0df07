package io.dflockd.client.internal;

import io.dflockd.client.spi.ServerAddress;

/** One server among several: its address, its connections, its background work. */
final class Shard {

    private final ServerAddress server;
    private final ClientOptions options;
    private final LossNotices notices;
    private final WatchThread watchThread;
    private final RenewalLane lane;
    private final ConnectionPool pool;
    private final Observer observer;
    private final AcquirePlaces places = new AcquirePlaces();

    Shard(ServerAddress server, ClientOptions options, LossNotices notices, WatchThread watchThread) {
        this.server = server;
        this.options = options;
        this.notices = notices;
        this.watchThread = watchThread;
        this.lane = new RenewalLane(options.runtime(), server.toString());
        this.observer = new Observer(options, server, notices);
        this.pool = new ConnectionPool(options, server, lane, observer);
    }

    ServerAddress server() {
        return server;
    }

    ClientOptions options() {
        return options;
    }

    LossNotices notices() {
        return notices;
    }

    Observer observer() {
        return observer;
    }

    WatchThread watchThread() {
        return watchThread;
    }

    RenewalLane lane() {
        return lane;
    }

    ConnectionPool pool() {
        return pool;
    }

    /** Notes that the caller is about to be given this by the thread that runs here. */
    Ownership give(Object handle) {
        return new Ownership(handle, places.find(now()));
    }

    /** Has a slot freed that closing its connection does not free: nothing to do where servers release on disconnect. */
    void free(LockOptions lock, String token, long leaseSeconds) {
        if (!options.autoRelease()) {
            lane.schedule(new Freeing(this, lock, token, now() + WireTime.nanosOfSeconds(leaseSeconds)), now());
        }
    }

    long now() {
        return options.runtime().nanoTime();
    }

    Attempt attempt(String phase, WireKey key) {
        return new Attempt(phase, key, server, now());
    }
}

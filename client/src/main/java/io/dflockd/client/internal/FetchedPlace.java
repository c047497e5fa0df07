package io.dflockd.client.internal;

import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A place that was granted while it was being taken: its lease is there, and only waits to be fetched. */
final class FetchedPlace implements Enqueued {

    private final String key;
    private final Lease lease;
    private final AtomicBoolean fetched = new AtomicBoolean();

    FetchedPlace(String key, Lease lease) {
        this.key = key;
        this.lease = lease;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public Status status() {
        return fetched.get() || lease.isHeld() ? Status.ACQUIRED : Status.LOST;
    }

    /** Asks no server: the lease has been renewed all the time. */
    @Override
    public Optional<Lease> await(Duration timeout) throws InterruptedException {
        WireTime.requireNotNegative(timeout, "the timeout");
        if (Thread.interrupted()) {
            close();
            throw new InterruptedException("interrupted before await of '" + key + "'");
        }
        if (!lease.isHeld()) {
            return Optional.empty();
        }
        if (!fetched.compareAndSet(false, true)) {
            throw new IllegalStateException("the place for '" + key + "' was awaited before");
        }
        return Optional.of(lease);
    }

    @Override
    public void close() {
        if (fetched.compareAndSet(false, true)) {
            lease.close();
        }
    }

    @Override
    public String toString() {
        return "Enqueued[" + key + ", " + status() + "]";
    }
}

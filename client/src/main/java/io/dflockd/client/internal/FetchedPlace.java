package io.dflockd.client.internal;

import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A place that was granted while it was being taken: its lease is there, and only waits to be fetched. */
final class FetchedPlace implements Enqueued {

    private enum Phase {
        GRANTED,
        FETCHED,
        CLOSED
    }

    private final String key;
    private final Lease lease;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.GRANTED);

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
        Phase now = phase.get();
        boolean ours = now == Phase.FETCHED || (now == Phase.GRANTED && lease.isHeld());
        return ours ? Status.ACQUIRED : Status.LOST;
    }

    /** Asks no server: the lease has been renewed all the time. */
    @Override
    public Optional<Lease> await(Duration timeout) throws InterruptedException {
        WireTime.requireNotNegative(timeout, "the timeout");
        if (Thread.interrupted()) {
            close();
            throw new InterruptedException("interrupted before await of '" + key + "'");
        }
        if (phase.get() == Phase.GRANTED && !lease.isHeld()) {
            return Optional.empty();
        }
        if (phase.compareAndSet(Phase.GRANTED, Phase.FETCHED)) {
            return Optional.of(lease);
        }
        if (phase.get() == Phase.CLOSED) {
            return Optional.empty();
        }
        throw new IllegalStateException("the place for '" + key + "' was awaited before");
    }

    @Override
    public void close() {
        if (phase.compareAndSet(Phase.GRANTED, Phase.CLOSED)) {
            lease.close();
        }
    }

    @Override
    public String toString() {
        return "Enqueued[" + key + ", " + status() + "]";
    }
}

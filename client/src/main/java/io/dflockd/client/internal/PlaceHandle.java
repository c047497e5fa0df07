package io.dflockd.client.internal;

import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Optional;

/** What the caller has of a place in the queue; as with a {@link LeaseHandle}, the client refers to it but weakly. */
final class PlaceHandle implements Enqueued {

    private final QueuedPlace place;

    PlaceHandle(QueuedPlace place) {
        this.place = place;
    }

    @Override
    public String key() {
        return place.key();
    }

    @Override
    public Status status() {
        return place.status();
    }

    @Override
    public Optional<Lease> await(Duration timeout) throws InterruptedException {
        try {
            return place.await(timeout);
        } finally {
            Reference.reachabilityFence(this); // a place is not abandoned while it is awaited
        }
    }

    @Override
    public void close() {
        place.lose();
    }

    @Override
    public String toString() {
        return place.toString();
    }
}

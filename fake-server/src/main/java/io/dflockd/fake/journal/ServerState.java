package io.dflockd.fake.journal;

import io.dflockd.fake.protocol.Key;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who holds, who waits and who is connected, at one moment. What another server behind a proxy knows is not in it.
 *
 * @param held slots, in the order of the grants of each key; also those whose lease is over while nobody has noticed
 * @param queued places in queues, in the order in which they were taken
 * @param connections the numbers of all open connections
 */
public record ServerState(List<Held> held, List<Queued> queued, SortedSet<Long> connections) {

    /**
     * A slot that is held.
     *
     * @param connection whose it is; 0 for a scripted holder's, and it may be over if auto-release is off
     * @param limit how many slots the key has
     * @param deadline the end of the lease, nanoseconds of the server's clock
     */
    public record Held(Key key, String token, long connection, long limit, long deadline) {}

    /**
     * A place in the queue of a key.
     *
     * @param place its number, unique on the server until a reset or a restart that loses the state
     */
    public record Queued(Key key, long connection, long place) {}

    public ServerState {
        held = List.copyOf(held);
        queued = List.copyOf(queued);
    }

    /** Whether nobody holds and nobody waits. Idle connections do not matter. */
    public boolean isQuiet() {
        return held.isEmpty() && queued.isEmpty();
    }

    /** The open connections that hold or wait. */
    public SortedSet<Long> busyConnections() {
        SortedSet<Long> busy = new TreeSet<>();
        held.forEach(slot -> busy.add(slot.connection()));
        queued.forEach(place -> busy.add(place.connection()));
        busy.retainAll(connections);
        return busy;
    }
}

package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import java.util.List;
import java.util.Map;

/**
 * Changes that no request asks for, made by a test from outside. All but {@link #skipHead} are told in the events; all but that and {@link #grantAnyway} leave a
 * state that a server may have.
 */
public final class ForcedChanges {

    private final EngineOptions options;
    private final Map<Long, ConnectionState> connections;
    private final KeyTable keys;
    private final Slots slots;
    private final Outbox outbox;

    ForcedChanges(
            EngineOptions options, Map<Long, ConnectionState> connections, KeyTable keys, Slots slots, Outbox outbox) {
        this.options = options;
        this.connections = connections;
        this.keys = keys;
        this.slots = slots;
        this.outbox = outbox;
    }

    /** Leases of the key that last longer end at this deadline. */
    public List<Delivery> shorten(Key key, long deadline, long now) {
        keys.find(key).ifPresent(state -> List.copyOf(state.holders.values()).stream()
                .filter(holder -> holder.deadline > deadline)
                .forEach(holder -> {
                    slots.setDeadline(holder, deadline);
                    long conn = holder.connection.number;
                    outbox.event(new EngineEvent.Renewed(now, conn, key, holder.token, deadline));
                }));
        return outbox.take();
    }

    /** Gives a slot of the key to nobody's connection, number 0, for the default lease; those who held it hold no more. The new token. */
    public String steal(Key key, long now) {
        KeyState state = keys.open(key, 1);
        for (Holder holder : List.copyOf(state.holders.values())) {
            slots.end(holder);
            outbox.event(new EngineEvent.Revoked(now, holder.connection.number, key, holder.token, "stolen"));
        }
        return slots.grant(new ConnectionState(0), state, options.defaultLeaseSeconds(), 0, now).token;
    }

    /** Carries out an acquire or enqueue as if there were a free slot. */
    public List<Delivery> grantAnyway(long conn, Command command, long now) {
        ConnectionState connection = connections.get(conn);
        if (connection != null && command instanceof Command.Acquire acquire) {
            long lease = acquire.leaseSeconds().orElse(options.defaultLeaseSeconds());
            Holder holder = slots.grant(connection, keys.open(acquire.key(), acquire.limit()), lease, 0, now);
            outbox.reply(connection, new Reply.Granted(holder.token, lease), now);
        } else if (connection != null && command instanceof Command.Enqueue enqueue) {
            long lease = enqueue.leaseSeconds().orElse(options.defaultLeaseSeconds());
            Holder holder = slots.grant(connection, keys.open(enqueue.key(), enqueue.limit()), lease, 0, now);
            connection.entries.put(enqueue.key(), holder);
            outbox.reply(connection, new Reply.Acquired(holder.token, lease), now);
        }
        return outbox.take();
    }

    /** The first who waits for the key goes to the end of the queue, and nobody is told. */
    public void skipHead(Key key) {
        keys.find(key).filter(state -> !state.queue.isEmpty()).ifPresent(state -> {
            Waiter head = state.queue.iterator().next();
            state.queue.remove(head);
            state.queue.add(head);
        });
    }

    /** What the connection has is not cleaned up when it ends. */
    public void keepAfterEnd(long conn) {
        ConnectionState connection = connections.get(conn);
        if (connection != null) {
            connection.outlived = true;
        }
    }
}

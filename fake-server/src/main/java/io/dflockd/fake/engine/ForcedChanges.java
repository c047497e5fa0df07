package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Changes that no request asks for, made by a test from outside. All but {@link #skipHead} are told in the events; all but that and {@link #grantAnyway} leave a
 * state that a server may have.
 */
public final class ForcedChanges {

    private EngineOptions options;
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

    /** From now on these count. */
    void configure(EngineOptions changed) {
        options = changed;
    }

    /** Leases of the key that last longer end at this deadline. */
    public List<Delivery> shorten(Key key, long deadline, long now) {
        states(key)
                .flatMap(state -> state.holders.values().stream())
                .filter(holder -> holder.deadline > deadline)
                .toList()
                .forEach(holder -> {
                    slots.setDeadline(holder, deadline);
                    long conn = holder.connection.number;
                    outbox.event(new EngineEvent.Renewed(now, conn, key, holder.token, deadline));
                });
        return outbox.take();
    }

    /**
     * Gives a slot of the key to nobody's connection, number 0, for the default lease; those who held it hold no more. If the key is both a lock and a semaphore
     * (V2), that is done to both; if it is neither, it is a lock from now on. Other slots of a semaphore go to those who wait: {@link LockEngine#takeDeliveries}.
     *
     * @return the new token, of the lock if there is one
     */
    public String steal(Key key, long now) {
        List<KeyState> known = states(key).toList();
        return (known.isEmpty() ? List.of(keys.open(new KeyName(Family.LOCK, key), 1)) : known)
                .stream().map(state -> steal(state, now)).toList().get(0);
    }

    private String steal(KeyState state, long now) {
        for (Holder holder : List.copyOf(state.holders.values())) {
            slots.end(holder);
            outbox.event(new EngineEvent.Revoked(now, holder.connection.number, state.key, holder.token, "stolen"));
        }
        String token = slots.grant(new ConnectionState(0), state, options.defaultLeaseSeconds(), 0, now).token;
        slots.promote(state, now);
        return token;
    }

    /**
     * Carries out an acquire or enqueue as if there were a free slot. Nothing happens, and nobody is answered, if it would be refused whether there is one or not.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public List<Delivery> grantAnyway(long conn, Command command, long now) {
        ConnectionState connection = Objects.requireNonNull(connections.get(conn), "no such connection");
        if (isRefused(connection, command)) {
            return List.of();
        }
        if (command instanceof Command.Acquire acquire) {
            Holder holder = grant(connection, acquire, acquire.limit(), acquire.leaseSeconds(), now);
            outbox.reply(connection, new Reply.Granted(holder.token, holder.leaseSeconds), now);
        } else if (command instanceof Command.Enqueue enqueue) {
            Holder holder = grant(connection, enqueue, enqueue.limit(), enqueue.leaseSeconds(), now);
            connection.entries.put(holder.key.name, holder);
            outbox.reply(connection, new Reply.Acquired(holder.token, holder.leaseSeconds), now);
        } else {
            throw new IllegalArgumentException("nothing to grant to " + command);
        }
        return outbox.take();
    }

    private boolean isRefused(ConnectionState connection, Command command) {
        if (command instanceof Command.Acquire acquire) {
            return keys.refusal(KeyName.of(acquire, options.profile()), acquire.limit())
                    .isPresent();
        }
        return command instanceof Command.Enqueue enqueue
                && (connection.entries.containsKey(KeyName.of(enqueue, options.profile()))
                        || keys.refusal(KeyName.of(enqueue, options.profile()), enqueue.limit())
                                .isPresent());
    }

    private Holder grant(ConnectionState connection, Command.OnKey command, long limit, OptionalLong lease, long now) {
        KeyState state = keys.open(KeyName.of(command, options.profile()), limit);
        return slots.grant(connection, state, lease.orElse(options.defaultLeaseSeconds()), 0, now);
    }

    /** The first who waits for the key goes to the end of the queue, and nobody is told. */
    public void skipHead(Key key) {
        states(key).filter(state -> !state.queue.isEmpty()).forEach(state -> {
            Waiter head = state.queue.iterator().next();
            state.queue.remove(head);
            state.queue.add(head);
        });
    }

    /** The key in all key spaces in which it is known. */
    private Stream<KeyState> states(Key key) {
        return Arrays.stream(Family.values()).flatMap(space -> keys.find(new KeyName(space, key)).stream());
    }

    /** What the connection has is not cleaned up when it ends. */
    public void keepAfterEnd(long conn) {
        Objects.requireNonNull(connections.get(conn), "no such connection").outlived = true;
    }

    /** Nobody looks for leases that are over, but who asks for their key. */
    public void pauseSweeps() {
        slots.sweep(false);
    }

    /** Ends {@link #pauseSweeps}: first all leases end that are over. */
    public List<Delivery> resumeSweeps(long now) {
        slots.sweep(true);
        for (KeyState state : List.copyOf(keys.all())) {
            if (!state.holders.isEmpty()) {
                slots.evictExpired(state, now);
                slots.settle(state, now);
            }
        }
        return outbox.take();
    }
}

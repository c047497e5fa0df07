package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.StatsJson;
import io.dflockd.fake.protocol.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The lock server: commands and the passing of time go in, replies come out (PROTOCOL.md section 2).
 *
 * <p>Pure and single-threaded. Time is an argument, in nanoseconds, and must never go back; whoever passes a {@code now} has first run what was due by then
 * ({@link #advanceTo}). A connection has at most one command at a time; the reply of one that blocks is a later delivery.
 */
public final class LockEngine {

    private EngineOptions options;
    private final TimerQueue timers;
    private final Outbox outbox;
    private final KeyTable keys;
    private final Slots slots;
    private final Queues queues;
    private final Map<Long, ConnectionState> connections = new HashMap<>();
    private final ForcedChanges forced;
    private boolean draining;

    /**
     * An engine without connections and keys.
     *
     * @param tokens gives 32 lower-case hexadecimal digits, never the same twice
     * @param timers where the engine's deadlines go; its owner may put others there
     * @param events is told everything
     */
    public LockEngine(EngineOptions options, Supplier<String> tokens, TimerQueue timers, EventSink events) {
        this.options = options;
        this.timers = timers;
        this.outbox = new Outbox(events, options.profile());
        this.keys = new KeyTable(options, timers);
        this.slots = new Slots(options, tokens, timers, keys, outbox);
        this.queues = new Queues(timers, keys, slots, outbox);
        this.forced = new ForcedChanges(options, connections, keys, slots, outbox);
    }

    /** A new connection; its number must not be in use. */
    public List<Delivery> connect(long conn, long now) {
        if (connections.putIfAbsent(conn, new ConnectionState(conn)) != null) {
            throw new IllegalStateException("connection " + conn + " exists already; give each its own number");
        }
        outbox.event(new EngineEvent.Connected(now, conn));
        return outbox.take();
    }

    /** The connection is gone: with auto-release on, it leaves its queues and its slots are handed on. On V2 it always leaves its queues. */
    public List<Delivery> disconnect(long conn, long now) {
        ConnectionState connection = connection(conn);
        connections.remove(conn);
        outbox.event(new EngineEvent.Disconnected(now, conn));
        boolean cleansUp = options.autoRelease() && !connection.outlived;
        if (cleansUp || options.profile().alwaysLeavesQueues()) {
            leaveQueues(connection, now);
        }
        if (cleansUp) {
            for (Holder holder : List.copyOf(connection.holders)) {
                slots.end(holder);
                outbox.event(new EngineEvent.Revoked(now, conn, holder.key.key, holder.token, "disconnect"));
                slots.settle(holder.key, now);
            }
        }
        return outbox.take();
    }

    /** The connection is gone, and with it its places in queues; what it holds stays until release or the end of the lease. */
    public List<Delivery> abandon(long conn, long now) {
        ConnectionState connection = connection(conn);
        connections.remove(conn);
        outbox.event(new EngineEvent.Disconnected(now, conn));
        leaveQueues(connection, now);
        return outbox.take();
    }

    private void leaveQueues(ConnectionState connection, long now) {
        for (Waiter waiter : List.copyOf(connection.waiters)) {
            slots.drop(waiter, "disconnect", now);
        }
    }

    /** From now on these limits, lease and auto-release count, for what comes; the profile, and the times of sweeps and clean-ups, must be as before. */
    public void configure(EngineOptions changed) {
        options = changed;
        keys.configure(changed);
        slots.configure(changed);
        forced.configure(changed);
    }

    /** Changes that no request asks for. */
    public ForcedChanges force() {
        return forced;
    }

    /** One request of a connection that has no other pending. */
    public List<Delivery> handle(long conn, Command command, long now) {
        ConnectionState connection = connection(conn);
        if (connection.blocked) {
            throw new IllegalStateException("connection " + conn + " waits for a reply; wait for its delivery");
        }
        connection.blocked = true;
        if (draining && !options.profile().servesWhileDraining() && !(command instanceof Command.Malformed)) {
            outbox.reply(connection, new Reply.Refused(Status.DRAINING), now);
        } else {
            carryOut(connection, command, now);
        }
        return outbox.take();
    }

    private void carryOut(ConnectionState connection, Command command, long now) {
        if (command instanceof Command.Acquire acquire) {
            acquire(connection, acquire, now);
        } else if (command instanceof Command.Release release) {
            release(connection, release, now);
        } else if (command instanceof Command.Renew renew) {
            renew(connection, renew, now);
        } else if (command instanceof Command.Enqueue enqueue) {
            enqueue(connection, enqueue, now);
        } else if (command instanceof Command.Await await) {
            await(connection, await, now);
        } else if (command instanceof Command.Stats) {
            String json = StatsJson.write(Census.of(connections.size(), keys.all(), now));
            outbox.reply(connection, new Reply.Stats(json), now);
        } else if (command instanceof Command.Ping) {
            outbox.reply(connection, new Reply.Done(), now);
        } else {
            outbox.reply(connection, new Reply.Refused(Status.ERROR), now);
        }
    }

    /** Whether the connection, which must exist, waits for the reply to its command. */
    public boolean isBlocked(long conn) {
        return connection(conn).blocked;
    }

    /** The server is told to end: who is blocked gets {@code error}. V1 lets nobody wait and sweeps no more, V2 serves nobody (PROTOCOL.md section 4). */
    public List<Delivery> drain(long now) {
        draining = true;
        boolean all = options.profile().servesWhileDraining();
        if (all) {
            slots.sweep(false);
        }
        queues.drain(all, now);
        return outbox.take();
    }

    /** Ends {@link #drain}: who comes may wait again. */
    public void endDrain() {
        draining = false;
    }

    /** Ends all leases of the key now, of its lock and of its semaphore, as if their time were over and somebody had looked. */
    public List<Delivery> expire(Key key, long now) {
        for (Family space : Family.values()) {
            expire(new KeyName(space, key), now);
        }
        return outbox.take();
    }

    private void expire(KeyName name, long now) {
        keys.find(name).ifPresent(state -> {
            List<Holder> holders = List.copyOf(state.holders.values());
            holders.forEach(holder -> slots.expire(holder, true, now));
            if (!holders.isEmpty()) {
                slots.settle(state, now);
            }
        });
    }

    /** Lets everything happen that is due, each at its own deadline. */
    public List<Delivery> advanceTo(long now) {
        while (timers.isDue(now)) {
            timers.runFirst(timers.earliest());
        }
        return outbox.take();
    }

    /** What timers that somebody else ran have decided. */
    public List<Delivery> takeDeliveries() {
        return outbox.take();
    }

    /** When {@link #advanceTo} has something to do, if ever. */
    public OptionalLong nextDeadline() {
        return timers.nextDeadline();
    }

    private ConnectionState connection(long conn) {
        ConnectionState connection = connections.get(conn);
        if (connection == null) {
            throw new IllegalStateException("there is no connection " + conn + "; connect it first");
        }
        return connection;
    }

    private void acquire(ConnectionState connection, Command.Acquire command, long now) {
        KeyName name = name(command);
        if (keys.isFull() && options.profile().countsKnownKeys()) {
            outbox.refuse(connection, name.key(), Status.MAX_LOCKS, now);
            return;
        }
        long lease = command.leaseSeconds().orElse(options.defaultLeaseSeconds());
        Optional<Holder> holder = takeSlot(connection, name, command.limit(), lease, now);
        if (holder.isPresent()) {
            outbox.reply(connection, new Reply.Granted(holder.get().token, lease), now);
        } else if (connection.blocked) {
            waitInQueue(connection, keys.open(name, command.limit()), command.timeoutSeconds(), lease, now);
        }
    }

    private void waitInQueue(ConnectionState connection, KeyState key, long timeoutSeconds, long lease, long now) {
        if (timeoutSeconds == 0) {
            outbox.reply(connection, new Reply.TimedOut(), now);
        } else if (draining) {
            outbox.refuse(connection, key.key, Status.ERROR, now);
        } else {
            long deadline = Deadline.afterSeconds(now, timeoutSeconds);
            queues.block(queues.join(connection, key, lease, true, deadline, now), deadline);
        }
    }

    private void enqueue(ConnectionState connection, Command.Enqueue command, long now) {
        KeyName name = name(command);
        if (connection.entries.containsKey(name)) {
            outbox.refuse(connection, name.key(), Status.ALREADY_ENQUEUED, now);
            return;
        }
        long lease = command.leaseSeconds().orElse(options.defaultLeaseSeconds());
        Optional<Holder> holder = takeSlot(connection, name, command.limit(), lease, now);
        if (holder.isPresent()) {
            connection.entries.put(name, holder.get());
            outbox.reply(connection, new Reply.Acquired(holder.get().token, lease), now);
        } else if (connection.blocked) {
            KeyState state = keys.open(name, command.limit());
            connection.entries.put(name, queues.join(connection, state, lease, false, Deadline.NEVER, now));
            outbox.reply(connection, new Reply.Queued(), now);
        }
    }

    /** The checks of acquire and enqueue in their order: a slot, or a refusal, or neither, and then the caller has to queue. */
    private Optional<Holder> takeSlot(ConnectionState connection, KeyName name, long limit, long lease, long now) {
        Optional<Status> refusal = keys.refusal(name, limit);
        if (refusal.isPresent()) {
            outbox.refuse(connection, name.key(), refusal.get(), now);
            return Optional.empty();
        }
        KeyState state = keys.open(name, limit);
        if (options.profile().newcomersEndLeases()) {
            slots.evictExpired(state, now);
        }
        slots.promote(state, now);
        if (state.hasFreeSlot()) {
            return Optional.of(slots.grant(connection, state, lease, 0, now));
        }
        if (options.maxWaiters() > 0 && state.queue.size() >= options.maxWaiters()) {
            outbox.refuse(connection, name.key(), Status.MAX_WAITERS, now);
        }
        return Optional.empty();
    }

    private void await(ConnectionState connection, Command.Await command, long now) {
        KeyName name = name(command);
        Entry entry = connection.entries.get(name);
        if (entry instanceof Waiter waiter && draining && command.timeoutSeconds() > 0) {
            queues.refuse(waiter, now);
        } else if (entry instanceof Waiter waiter) {
            long deadline = Deadline.afterSeconds(now, command.timeoutSeconds());
            outbox.event(new EngineEvent.AwaitBegan(now, connection.number, command.key(), waiter.place, deadline));
            if (command.timeoutSeconds() == 0) {
                queues.timeOut(waiter, now);
            } else {
                queues.block(waiter, deadline);
            }
        } else if (entry instanceof Holder holder) {
            connection.entries.remove(name);
            fetch(holder, now);
        } else {
            outbox.refuse(connection, command.key(), Status.NOT_ENQUEUED, now);
        }
    }

    /** Answers an await whose grant came before it. A lease that is over is not brought back, and left to whoever looks for expired ones. */
    private void fetch(Holder holder, long now) {
        ConnectionState connection = holder.connection;
        if (!holder.isHeld()) {
            outbox.reply(connection, new Reply.TimedOut(), now);
            return;
        }
        if (holder.isOver(now)) {
            outbox.refuse(connection, holder.key.key, Status.LEASE_EXPIRED, now);
            return;
        }
        slots.setLease(holder, holder.leaseSeconds, now);
        outbox.event(new EngineEvent.Rearmed(now, connection.number, holder.key.key, holder.token, holder.deadline));
        outbox.reply(connection, new Reply.Granted(holder.token, holder.leaseSeconds), now);
    }

    private void release(ConnectionState connection, Command.Release command, long now) {
        Optional<Holder> holder = holder(command, command.token());
        if (holder.isEmpty()) {
            outbox.refuse(connection, command.key(), Status.ERROR, now);
            return;
        }
        slots.release(holder.get());
        outbox.event(new EngineEvent.Released(now, connection.number, command.key(), command.token()));
        outbox.reply(connection, new Reply.Done(), now);
        slots.settle(holder.get().key, now);
    }

    private void renew(ConnectionState connection, Command.Renew command, long now) {
        Optional<Holder> found = holder(command, command.token());
        if (found.isEmpty()) {
            outbox.refuse(connection, command.key(), Status.ERROR, now);
            return;
        }
        Holder holder = found.get();
        if (holder.isOver(now)) {
            slots.expire(holder, false, now);
            outbox.refuse(connection, command.key(), Status.ERROR, now);
            slots.settle(holder.key, now);
            return;
        }
        long seconds = command.leaseSeconds().orElse(options.defaultLeaseSeconds());
        slots.setLease(holder, seconds, now);
        outbox.event(new EngineEvent.Renewed(now, connection.number, command.key(), command.token(), holder.deadline));
        outbox.reply(connection, new Reply.Renewed(options.profile().renewed(seconds)), now);
    }

    private KeyName name(Command.OnKey command) {
        return KeyName.of(command, options.profile());
    }

    private Optional<Holder> holder(Command.OnKey command, String token) {
        return keys.find(name(command)).map(state -> state.holders.get(token));
    }
}

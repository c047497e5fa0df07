package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Reply;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/** Who holds what: grants, and the ways in which they end. Whoever ends one has to {@link #settle} the key afterwards. */
final class Slots {

    private EngineOptions options;
    private final Supplier<String> tokens;
    private final TimerQueue timers;
    private final KeyTable keys;
    private final Outbox outbox;
    private boolean sweeping = true;
    private long grants;

    Slots(EngineOptions options, Supplier<String> tokens, TimerQueue timers, KeyTable keys, Outbox outbox) {
        this.options = options;
        this.tokens = tokens;
        this.timers = timers;
        this.keys = keys;
        this.outbox = outbox;
    }

    /** From now on these count. */
    void configure(EngineOptions changed) {
        options = changed;
    }

    /** Gives a free slot; {@code place} is 0 where nobody had to queue. */
    Holder grant(ConnectionState connection, KeyState key, long leaseSeconds, long place, long now) {
        keys.busy(key);
        String token = tokens.get();
        long deadline = Deadline.afterSeconds(now, leaseSeconds);
        Holder holder = new Holder(connection, key, token, leaseSeconds, deadline, sweepAfter(deadline, key));
        key.holders.put(token, holder);
        connection.holders.add(holder);
        outbox.event(
                new EngineEvent.Granted(now, connection.number, key.key, token, ++grants, place, key.limit, deadline));
        return holder;
    }

    /** The lease ends {@code seconds} from now. */
    void setLease(Holder holder, long seconds, long now) {
        setDeadline(holder, Deadline.afterSeconds(now, seconds));
    }

    /** The lease ends at this instant. */
    void setDeadline(Holder holder, long deadline) {
        timers.cancel(holder.sweep);
        holder.deadline = deadline;
        holder.sweep = sweepAfter(holder.deadline, holder.key);
    }

    private TimerQueue.Timer sweepAfter(long deadline, KeyState key) {
        long tick = Deadline.tick(options.start(), options.sweepInterval(), deadline);
        return timers.schedule(tick, at -> {
            if (sweeping) {
                evictExpired(key, at);
                settle(key, at);
            }
        });
    }

    /** From now on only those who look for a key find that its leases are over. */
    void sweep(boolean on) {
        sweeping = on;
    }

    /** The holder holds no more, because its slot was released. */
    void release(Holder holder) {
        if (options.profile().releaseKeepsEntry()) {
            free(holder);
        } else {
            end(holder);
        }
    }

    private void free(Holder holder) {
        timers.cancel(holder.sweep);
        holder.key.holders.remove(holder.token);
        holder.connection.holders.remove(holder);
    }

    /** The holder holds no more, and its entry, if it has one, is gone. */
    void end(Holder holder) {
        free(holder);
        holder.connection.entries.remove(holder.key.name, holder);
    }

    /** Ends the leases of this key that are over. */
    void evictExpired(KeyState key, long now) {
        for (Holder holder : List.copyOf(key.holders.values())) {
            if (holder.isOver(now)) {
                expire(holder, false, now);
            }
        }
    }

    /** Ends a lease that is over, or that a test wants to be over. */
    void expire(Holder holder, boolean forced, long now) {
        end(holder);
        outbox.event(new EngineEvent.Expired(now, holder.key.key, holder.token, forced));
    }

    /** Gives free slots to those who wait, first come, first served. A waiter that nobody awaits yet is granted silently. */
    void promote(KeyState key, long now) {
        Iterator<Waiter> queue = key.queue.iterator();
        while (key.hasFreeSlot() && queue.hasNext()) {
            Waiter waiter = queue.next();
            queue.remove();
            ConnectionState connection = waiter.connection;
            connection.waiters.remove(waiter);
            Holder holder = grant(connection, key, waiter.leaseSeconds, waiter.place, now);
            if (waiter.blocked) {
                cancelTimeout(waiter);
                connection.entries.remove(key.name, waiter);
                outbox.reply(connection, new Reply.Granted(holder.token, holder.leaseSeconds), now);
            } else {
                connection.entries.put(key.name, holder);
            }
        }
    }

    /** Hands on what became free. If nobody is left, the key is idle. */
    void settle(KeyState key, long now) {
        promote(key, now);
        if (key.holders.isEmpty()) {
            keys.idle(key, now);
        }
    }

    /** The waiter leaves the queue without a grant. */
    void drop(Waiter waiter, String cause, long now) {
        cancelTimeout(waiter);
        waiter.key.queue.remove(waiter);
        waiter.connection.waiters.remove(waiter);
        waiter.connection.entries.remove(waiter.key.name, waiter);
        outbox.event(new EngineEvent.Dropped(now, waiter.connection.number, waiter.key.key, waiter.place, cause));
    }

    private void cancelTimeout(Waiter waiter) {
        if (waiter.timeout != null) {
            timers.cancel(waiter.timeout);
            waiter.timeout = null;
        }
    }
}

package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.List;

/** Who waits: how a place in a queue is taken, blocks, and is given up. Grants are the business of {@link Slots}. */
final class Queues {

    private final TimerQueue timers;
    private final KeyTable keys;
    private final Slots slots;
    private final Outbox outbox;
    private long places;

    Queues(TimerQueue timers, KeyTable keys, Slots slots, Outbox outbox) {
        this.timers = timers;
        this.keys = keys;
        this.slots = slots;
        this.outbox = outbox;
    }

    /** The last place, for an acquire that gives up at the deadline, or for an enqueue, which never does. */
    Waiter join(ConnectionState connection, KeyState key, long leaseSeconds, boolean blocked, long deadline, long now) {
        Waiter waiter = new Waiter(++places, connection, key, leaseSeconds);
        key.queue.add(waiter);
        connection.waiters.add(waiter);
        outbox.event(
                new EngineEvent.Enqueued(now, connection.number, key.key, waiter.place, key.limit, blocked, deadline));
        return waiter;
    }

    /** The waiter's connection waits for its reply, until the deadline. */
    void block(Waiter waiter, long deadline) {
        waiter.blocked = true;
        waiter.timeout = timers.schedule(deadline, at -> timeOut(waiter, at));
    }

    void timeOut(Waiter waiter, long now) {
        slots.drop(waiter, "timeout", now);
        outbox.reply(waiter.connection, new Reply.TimedOut(), now);
    }

    /** The waiter would have to wait, and a server that drains lets nobody. */
    void refuse(Waiter waiter, long now) {
        slots.drop(waiter, "drain", now);
        outbox.refuse(waiter.connection, waiter.key.key, Status.ERROR, now);
    }

    /** Refuses everybody who is blocked. With {@code all}, those who are not lose their places too. */
    void drain(boolean all, long now) {
        for (KeyState key : keys.all()) {
            for (Waiter waiter : List.copyOf(key.queue)) {
                if (waiter.blocked) {
                    refuse(waiter, now);
                } else if (all) {
                    slots.drop(waiter, "drain", now);
                }
            }
        }
    }
}

package io.dflockd.fake.engine;

/** A slot of a key that is given to a connection, until release, expiry or disconnect. */
final class Holder implements Entry {

    final ConnectionState connection;
    final KeyState key;
    final String token;
    final long leaseSeconds;

    /** When the lease is over. Nobody need have noticed: that takes a sweep, or somebody who looks. */
    long deadline;

    /** Goes off at the first sweep after the deadline. */
    TimerQueue.Timer sweep;

    Holder(
            ConnectionState connection,
            KeyState key,
            String token,
            long leaseSeconds,
            long deadline,
            TimerQueue.Timer sweep) {
        this.connection = connection;
        this.key = key;
        this.token = token;
        this.leaseSeconds = leaseSeconds;
        this.deadline = deadline;
        this.sweep = sweep;
    }

    /** Whether the slot is still its own. V0 keeps the entry of one that was released. */
    boolean isHeld() {
        return key.holders.containsKey(token);
    }

    boolean isOver(long now) {
        return now >= deadline;
    }
}

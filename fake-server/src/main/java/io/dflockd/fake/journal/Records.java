package io.dflockd.fake.journal;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.protocol.Secret;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;

/** What one server remembers for tests: requests, events and who holds what. Questions are safe from any thread, the rest is called under the server's lock. */
public final class Records {

    private static final int MOST_IDLE_KEYS = 10_000;

    private final Lock lock;
    private final Journal journal;
    private final Ledger ledger;

    /**
     * Nothing yet.
     *
     * @param lock the server's
     * @param most how many requests are kept, and how many events
     * @param secret what must not be seen
     */
    public Records(Lock lock, int most, Optional<Secret> secret) {
        this.lock = lock;
        this.journal = new Journal(lock, most);
        if (secret.isPresent()) {
            hide(secret.get());
        }
        this.ledger = new Ledger(most, MOST_IDLE_KEYS);
    }

    /** The requests. */
    public Journal journal() {
        return journal;
    }

    /** Assertions. */
    public Verification verify() {
        return new Verification(this);
    }

    /** Who holds and who waits. */
    public ServerState state() {
        return read(ledger::state);
    }

    /** A sink that takes note of each event and passes it on. */
    public EventSink before(EventSink other) {
        return new Both(ledger, other);
    }

    private record Both(EventSink first, EventSink second) implements EventSink {
        @Override
        public void accept(EngineEvent event) {
            first.accept(event);
            second.accept(event);
        }
    }

    /** This must not be seen either, from now on. */
    public void hide(Secret secret) {
        journal.mask().add(secret);
    }

    /** The server has lost its state. */
    public void stateLost() {
        ledger.stateLost();
    }

    /** Forgets everything. */
    public void clear() {
        journal.clear();
        ledger.clear();
    }

    Ledger ledger() {
        return ledger;
    }

    /** Runs this while nothing changes. */
    <T> T read(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}

package io.dflockd.chaos.history;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Puts events into one order. Number and time are given under one lock, so that among the events it stamps, an earlier number never has a later time.
 *
 * <p>Safe for many threads. After {@link #stop} whatever late threads still have to say is dropped, so that the sink can be closed.
 */
public final class Recorder {

    private final LongSupplier clock;
    private final Consumer<? super Event> sink;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private long lastSeq;
    private boolean stopped;

    /**
     * @param clock nanoseconds, as {@link System#nanoTime}; a simulator hands in its own
     * @param sink takes the events one at a time, in order: a {@link HistoryWriter}, a list
     */
    public Recorder(LongSupplier clock, Consumer<? super Event> sink) {
        this.clock = clock;
        this.sink = sink;
    }

    /** Gives the event its number and time and hands it on. */
    public void add(Draft draft) {
        lock.lock();
        try {
            if (!stopped) {
                sink.accept(draft.at(++lastSeq, clock.getAsLong()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** A new number for a connection of a client. */
    public long nextConnection() {
        return connections.incrementAndGet();
    }

    /** A new number for an exchange or an operation of a client. */
    public long nextOperation() {
        return operations.incrementAndGet();
    }

    /** How many events there are so far. */
    public long size() {
        lock.lock();
        try {
            return lastSeq;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more events; when it returns, none is on its way into the sink. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }
}

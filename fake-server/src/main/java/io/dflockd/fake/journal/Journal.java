package io.dflockd.fake.journal;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.protocol.Command;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The requests that a server was sent since its start or last reset, oldest first, as many of the newest as its size allows.
 *
 * <p>A request is in it as soon as it is complete, malformed or not, and one that waits before it is answered. Safe from any thread.
 */
public final class Journal {

    private static final int NEAREST = 10;

    private final Lock lock;
    private final Condition moved;
    private final int most;
    private final SecretMask mask = new SecretMask();
    private final Ring<JournalEntry> entries;
    private long last;
    private long moves;
    private int awaiting;
    private long generation;

    /**
     * An empty journal.
     *
     * @param lock the server's
     * @param most how many requests it keeps; 0 for none
     */
    Journal(Lock lock, int most) {
        this.lock = lock;
        this.moved = lock.newCondition();
        this.most = most;
        this.entries = new Ring<>(most);
    }

    /** The requests, each as it is now. */
    public List<RecordedRequest> requests() {
        return get(() -> entries.list().stream().map(JournalEntry::picture).toList());
    }

    /** How many requests it has. */
    public int size() {
        return get(entries::size);
    }

    /** How many older requests it had and has dropped, because there were too many. */
    public long dropped() {
        return get(entries::dropped);
    }

    /**
     * Waits until there are so many requests of a kind.
     *
     * @param wanted is asked outside the server's lock, again and again
     * @param n how many, at least 1
     * @param timeout the longest wait, in real time
     * @return all of them that there are then, at least {@code n}
     * @throws AssertionError if there are fewer when the time is over, the waiting thread is interrupted (its flag stays set), or the server is reset; it shows the
     *     newest requests
     * @throws IllegalArgumentException if n is less than 1, or more than the journal keeps
     */
    public List<RecordedRequest> await(Predicate<RecordedRequest> wanted, int n, Duration timeout) {
        if (n < 1 || n > most) {
            throw new IllegalArgumentException("cannot wait for " + n + " requests in a journal that keeps " + most
                    + "; ask for at least 1, and keep as many with FakeOptions.withJournalSize");
        }
        long began = get(() -> generation);
        long left = Deadline.nanos(timeout);
        while (true) {
            long seen = get(() -> moves);
            List<RecordedRequest> all = requests();
            List<RecordedRequest> found = all.stream().filter(wanted).toList();
            if (get(() -> generation) != began) {
                throw new AssertionError("the server was reset while waiting for " + n + " requests");
            }
            if (found.size() >= n) {
                return found;
            }
            if (left <= 0 || Thread.currentThread().isInterrupted()) {
                String cut = left <= 0 ? "" : " (interrupted)";
                throw new AssertionError("expected " + n + " requests of the kind within " + timeout + cut + ", found "
                        + found.size() + lines(":", found) + "\nThe newest " + newest(all));
            }
            left = awaitMove(seen, left);
        }
    }

    private String newest(List<RecordedRequest> all) {
        List<RecordedRequest> shown = all.subList(Math.max(0, all.size() - NEAREST), all.size());
        return shown.size() + " of " + this.summary() + lines(":", shown);
    }

    /** Waits for something to happen after what was seen; says how much of the time is left. */
    private long awaitMove(long seen, long nanos) {
        lock.lock();
        try {
            long left = nanos;
            awaiting++;
            try {
                while (moves == seen && left > 0) {
                    left = moved.awaitNanos(left);
                }
            } finally {
                awaiting--;
            }
            return left;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    /** A request comes in. Called by the server, under its lock. */
    public JournalEntry begin(long connection, long exchange, long now, Command request, byte[][] lines) {
        JournalEntry entry = new JournalEntry(this, ++last, connection, exchange, now);
        entries.add(entry);
        entry.sent(request, lines);
        return entry;
    }

    SecretMask mask() {
        return mask;
    }

    /** Something has happened. */
    void moved() {
        moves++;
        if (awaiting > 0) {
            moved.signalAll();
        }
    }

    /** Forgets everything; what still happens to requests of before is not seen. */
    void clear() {
        entries.clear();
        last = 0;
        generation++;
        moved();
    }

    private <T> T get(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }

    /** Such items, one a line. */
    static String lines(String before, List<?> items) {
        return items.stream()
                .map(item -> "\n  " + item)
                .collect(Collectors.joining("", items.isEmpty() ? "" : before, ""));
    }

    private String summary() {
        long lost = dropped();
        String more =
                lost == 0 ? "" : " (" + lost + " older ones were dropped; FakeOptions.withJournalSize keeps more)";
        return size() + " requests" + more;
    }

    /** How many there are, what was dropped, and every request in a line of its own. */
    @Override
    public String toString() {
        return get(() -> summary() + lines(":", requests()));
    }
}

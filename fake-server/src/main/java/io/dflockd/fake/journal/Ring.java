package io.dflockd.fake.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest of many; how many older ones it has dropped stays known. Takes memory as it fills. */
final class Ring<T> {

    private final int most;
    private final Deque<T> kept = new ArrayDeque<>();
    private long dropped;

    Ring(int most) {
        this.most = most;
    }

    void add(T item) {
        kept.add(item);
        if (kept.size() > most) {
            kept.remove();
            dropped++;
        }
    }

    /** A copy, oldest first. */
    List<T> list() {
        return List.copyOf(kept);
    }

    int size() {
        return kept.size();
    }

    long dropped() {
        return dropped;
    }

    void clear() {
        kept.clear();
        dropped = 0;
    }
}

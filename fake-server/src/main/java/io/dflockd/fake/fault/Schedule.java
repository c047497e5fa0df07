package io.dflockd.fake.fault;

/**
 * Which of the matches of a fault are struck.
 *
 * @param shots how many at most
 * @param skip how many are let through first
 * @param every of the others, only each n-th
 * @param from not before this instant, nanoseconds of the server's clock
 * @param until not from this instant on
 * @param probability how likely each of them is struck
 */
record Schedule(int shots, int skip, int every, long from, long until, double probability) {

    static final int ALWAYS = Integer.MAX_VALUE;

    static final Schedule ONCE = times(1);

    static Schedule times(int n) {
        return new Schedule(n, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE, 1);
    }

    static Schedule between(long from, long until) {
        return new Schedule(ALWAYS, 0, 1, from, until, 1);
    }

    static Schedule every(int skip, int every) {
        return new Schedule(ALWAYS, skip, every, Long.MIN_VALUE, Long.MAX_VALUE, 1);
    }

    static Schedule likely(double probability) {
        return new Schedule(ALWAYS, 0, 1, Long.MIN_VALUE, Long.MAX_VALUE, probability);
    }

    /** Whether the n-th match, from 1, is one of them, but for chance. */
    boolean has(int match, long now) {
        return match > skip && (match - skip) % every == 0 && now >= from;
    }
}

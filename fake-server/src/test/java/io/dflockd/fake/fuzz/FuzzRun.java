package io.dflockd.fake.fuzz;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Rounds of one kind of fuzzing, each from a seed of its own, until the time is over; counts what they did. */
final class FuzzRun {

    /** One round, wholly decided by its random numbers, as far as threads allow. */
    @FunctionalInterface
    interface Round {
        void play(SplittableRandom random, FuzzRun run) throws Exception;
    }

    private static final Duration IN_THE_BUILD = Duration.ofMillis(1_500);

    private final String what;
    private final Map<String, Long> counts = new LinkedHashMap<>();

    FuzzRun(String what) {
        this.what = what;
    }

    /** How long each kind of fuzzing runs: as {@code fuzz.seconds} says, or a moment. */
    static Duration time() {
        long seconds = Long.getLong("fuzz.seconds", 0);
        return seconds > 0 ? Duration.ofSeconds(seconds) : IN_THE_BUILD;
    }

    /** Plays rounds; one that fails tells its seed, which {@code fuzz.round} plays again alone. */
    void rounds(long seed, Round round) {
        Optional<Long> again = Optional.ofNullable(Long.getLong("fuzz.round"));
        if (again.isPresent()) {
            play(again.get(), round);
            return;
        }
        SplittableRandom seeds = new SplittableRandom(seed);
        long end = System.nanoTime() + time().toNanos();
        while (System.nanoTime() < end) {
            play(seeds.nextLong(), round);
        }
        System.out.println("fuzz " + what + ": seed " + seed + ", " + counts);
    }

    private void play(long seed, Round round) {
        count("tries", 1);
        try {
            round.play(new SplittableRandom(seed), this);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(what + " failed; again with -Dfuzz.round=" + seed + ": " + e, e);
        }
    }

    /** So many more of these. */
    synchronized void count(String name, long more) {
        counts.merge(name, more, Long::sum);
    }
}

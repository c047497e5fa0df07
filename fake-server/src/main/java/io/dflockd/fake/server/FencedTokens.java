package io.dflockd.fake.server;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Tokens as V2 makes them: 16 digits of an unsigned counter that rises with every grant, then 16 without a meaning (PROTOCOL.md section 2).
 *
 * <p>The counter starts at the clock's nanoseconds: of the wall clock, or of a manual one, so that the same seed then gives the same tokens.
 */
final class FencedTokens implements Supplier<String> {

    private final SplittableRandom random;
    private final Optional<FenceFile> file;
    private long counter;

    private FencedTokens(long seed, long start, Optional<FenceFile> file) {
        this.random = new SplittableRandom(seed);
        this.file = file;
        this.counter = start;
    }

    /** Tokens that begin now; with a file, above all that it has seen. */
    static FencedTokens of(long seed, TimeSource clock, Optional<Path> path) {
        long now = clock instanceof ManualTime ? clock.nanos() : wallClock();
        Optional<FenceFile> file = path.map(FenceFile::open);
        long start = file.map(FenceFile::highest)
                .filter(highest -> Long.compareUnsigned(highest, now) > 0)
                .orElse(now);
        return new FencedTokens(seed, start, file);
    }

    private static long wallClock() {
        return Duration.between(Instant.EPOCH, Instant.now()).toNanos();
    }

    @Override
    public String get() {
        counter++;
        file.ifPresent(kept -> kept.ensure(counter));
        return Tokens.token(counter, random.nextLong());
    }

    /** The counter goes back, as after a restart that has forgotten it, but not below 0, where it would be the highest of all. */
    void goBack(long by) {
        counter = Long.compareUnsigned(counter, by) < 0 ? 0 : counter - by;
    }
}

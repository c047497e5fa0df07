package io.dflockd.chaos.simulation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * All that a run leaves to chance, drawn from one seed. Every stream has its own sequence, so that one more draw here does not shift what is drawn there.
 *
 * <p>By convention 0 is the calmest answer. The generator is SplitMix64, written out, so that it never changes with a JDK.
 */
final class Choices {

    private final long seed;
    private final Map<String, long[]> streams = new HashMap<>();

    Choices(long seed) {
        this.seed = seed;
    }

    /** A number from 0 to {@code bound - 1}. */
    int draw(String stream, int bound) {
        long[] state = streams.computeIfAbsent(stream, name -> new long[] {start(name)});
        return (int) Long.remainderUnsigned(next(state), bound);
    }

    /** True once in {@code n} times, on average. */
    boolean oneIn(String stream, int n) {
        return draw(stream, n) == n - 1;
    }

    private long start(String stream) {
        CRC32 crc = new CRC32();
        crc.update(stream.getBytes(StandardCharsets.UTF_8));
        long[] state = {seed * 0x9E3779B97F4A7C15L + crc.getValue()};
        return next(state);
    }

    private static long next(long[] state) {
        state[0] += 0x9E3779B97F4A7C15L;
        long z = state[0];
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}

package io.dflockd.chaos.workload;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Some of the tokens that workers were granted lately, for those who want to meddle. */
final class SeenTokens {

    /** A grant of any worker, over or not. */
    record Seen(TestKey key, String token) {}

    private static final int KEPT = 32;

    private final AtomicReferenceArray<Optional<Seen>> seen = new AtomicReferenceArray<>(KEPT);
    private final AtomicInteger next = new AtomicInteger();

    SeenTokens() {
        for (int i = 0; i < KEPT; i++) {
            seen.set(i, Optional.empty());
        }
    }

    void add(TestKey key, String token) {
        seen.set(Math.floorMod(next.getAndIncrement(), KEPT), Optional.of(new Seen(key, token)));
    }

    Optional<Seen> draw(SplittableRandom random) {
        return seen.get(random.nextInt(KEPT));
    }
}

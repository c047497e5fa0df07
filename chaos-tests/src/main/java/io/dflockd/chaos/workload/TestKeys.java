package io.dflockd.chaos.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** The keys of one run. Their names are new in every run, so that neither other users of a server nor an earlier run's left-overs matter. */
final class TestKeys {

    private final List<TestKey> keys = new ArrayList<>();

    /** The first key is the hot one; every third is a semaphore. */
    TestKeys(int count) {
        String prefix = "chaos-" + UUID.randomUUID().toString().substring(0, 8) + "-";
        for (int i = 0; i < count; i++) {
            keys.add(
                    i % 3 == 1
                            ? TestKey.semaphore(prefix + "sem" + i, 1 + (i / 3 + 1) % 3)
                            : TestKey.lock(prefix + "lock" + i));
        }
    }

    List<TestKey> all() {
        return keys;
    }

    /** The hot key much more often than the others. */
    TestKey draw(SplittableRandom random) {
        return random.nextInt(3) == 0 ? keys.get(0) : keys.get(random.nextInt(keys.size()));
    }
}

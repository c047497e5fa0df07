package io.dflockd.fake.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** The same script has the same history on the manual clock and on the system clock. */
class ClockProperties {

    private static final int SCRIPTS = 60;
    private static final int QUICK_SCRIPTS = 500;
    private static final long MOST_LATE_NANOS = 20_000_000;
    private static final int ATTEMPTS = 3;
    private static final int MOST_UNJUDGED = SCRIPTS / 10;

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void manual_and_system_clock_give_the_same_history(@ForAll Random seeds) {
        SplittableRandom random = new SplittableRandom(seeds.nextLong());
        List<Script> scripts = new ArrayList<>();
        while (scripts.size() < SCRIPTS) {
            scripts.add(Script.draw(random));
        }

        int repeated = 0;
        for (int attempt = 0; attempt < ATTEMPTS && !scripts.isEmpty(); attempt++) {
            repeated += attempt == 0 ? 0 : scripts.size();
            scripts = late(scripts);
        }

        if (repeated > 0) {
            System.out.println("clock scripts repeated as the machine was late: " + repeated);
        }
        assertThat(scripts)
                .as("scripts for which this machine is never in time")
                .hasSizeLessThan(MOST_UNJUDGED);
    }

    /** As the above in no time, so with many more scripts: the clock goes on with every look at it, as the real one does, and every timer is late. */
    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void a_clock_that_is_always_a_little_late_changes_no_history(@ForAll Random seeds) {
        SplittableRandom random = new SplittableRandom(seeds.nextLong());
        for (int i = 0; i < QUICK_SCRIPTS; i++) {
            long[] now = {0};
            RealRun run = new RealRun(Script.draw(random), () -> now[0]++);
            for (long next = run.goOn(); next != Long.MAX_VALUE; next = run.goOn()) {
                now[0] = next + random.nextLong(MOST_LATE_NANOS);
            }
            assertThat(run.isLate()).isFalse();
            run.check();
        }
    }

    /** Plays all at once, compares those in which nothing was late, and says which the others are. */
    private static List<Script> late(List<Script> scripts) {
        List<RealRun> runs = scripts.stream()
                .map(script -> new RealRun(script, System::nanoTime))
                .toList();
        long next = System.nanoTime();
        while (next != Long.MAX_VALUE) {
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
            next = Long.MAX_VALUE;
            for (RealRun run : runs) {
                next = Math.min(next, run.goOn());
            }
        }
        runs.stream().filter(run -> !run.isLate()).forEach(RealRun::check);
        return runs.stream().filter(RealRun::isLate).map(RealRun::script).toList();
    }
}

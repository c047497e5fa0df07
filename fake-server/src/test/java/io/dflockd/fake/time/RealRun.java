package io.dflockd.fake.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** A script on a clock that goes on by itself, from the instant at which this is made. */
final class RealRun {

    private static final long END_NANOS = Step.END_MILLIS * 1_000_000;

    private final Script script;
    private final LongSupplier clock;
    private final long start;
    private final ScriptRun run;
    private boolean late;

    RealRun(Script script, LongSupplier clock) {
        this.script = script;
        this.clock = clock;
        start = clock.getAsLong();
        run = new ScriptRun(script.steps(), script.profile(), this::nanos);
    }

    private long nanos() {
        return clock.getAsLong() - start;
    }

    /** Does what is due, in order; when there is more, by the clock, or never. */
    long goOn() {
        for (long due = next(); due < END_NANOS; due = next()) {
            if (due > nanos()) {
                return start + due;
            }
            OptionalLong step = run.nextStep();
            if (step.isPresent() && step.getAsLong() == due) {
                run.takeStep();
            } else {
                run.driver().runDue();
            }
            late |= nanos() - due > Script.GAP_NANOS / 2;
        }
        return Long.MAX_VALUE;
    }

    private long next() {
        long step = run.nextStep().orElse(Long.MAX_VALUE);
        return Math.min(step, run.driver().nextDeadline().orElse(Long.MAX_VALUE));
    }

    boolean isLate() {
        return late;
    }

    Script script() {
        return script;
    }

    void check() {
        assertThat(run.history())
                .as("of %s on %s", script.steps(), script.profile())
                .isEqualTo(script.history());
    }
}

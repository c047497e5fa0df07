package io.dflockd.fake.time;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.server.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Steps whose outcome does not hang on which of two things comes first by a moment, and that outcome on the manual clock. */
record Script(List<Step> steps, Profile profile, List<String> history) {

    /** Between any two things that could come in either order. */
    static final long GAP_NANOS = 150_000_000;

    private static final long END_NANOS = Step.END_MILLIS * 1_000_000;

    static Script draw(SplittableRandom random) {
        Profile profile = random.nextBoolean() ? Profile.V1 : Profile.V2;
        while (true) {
            List<Step> steps = Step.script(random);
            ScriptRun run = new ScriptRun(steps, profile, new ManualTime());
            play(run);
            if (isClear(steps, run)) {
                return new Script(steps, profile, run.history());
            }
        }
    }

    private static void play(ScriptRun run) {
        while (run.nextStep().isPresent()) {
            run.driver()
                    .advance(Duration.ofNanos(
                            run.nextStep().getAsLong() - run.driver().nanos()));
            run.takeStep();
        }
        run.driver().advance(Duration.ofNanos(END_NANOS - run.driver().nanos()));
    }

    /** Whether steps, sweeps, and all that may follow from them later have their distance from each other. */
    private static boolean isClear(List<Step> steps, ScriptRun run) {
        TreeSet<Long> causes = new TreeSet<>();
        steps.forEach(step -> causes.add(step.millis() * 1_000_000));
        long sweeps = ScriptRun.SWEEPS.toNanos();
        for (long sweep = sweeps; sweep < END_NANOS; sweep += sweeps) {
            causes.add(sweep);
        }
        List<Long> deadlines = new ArrayList<>();
        run.events().forEach(event -> deadline(event, deadlines));
        deadlines.addAll(run.delayedUntil());
        run.replies().stream()
                .filter(line -> line.text().equals("closed") && !causes.contains(line.at()))
                .forEach(line -> deadlines.add(line.at()));
        TreeSet<Long> instants = new TreeSet<>(causes);
        instants.add(END_NANOS); // or what is late may not be seen any more
        instants.addAll(deadlines);
        run.replies().forEach(line -> instants.addAll(List.of(line.at(), line.at() + ScriptRun.SILENCE.toNanos())));
        return areApart(instants) && deadlines.stream().noneMatch(causes::contains) && areDifferent(deadlines);
    }

    /** Equal ones are none on the system clock, on which two things never begin at once. */
    private static boolean areDifferent(List<Long> deadlines) {
        return Set.copyOf(deadlines).size() == deadlines.size();
    }

    private static boolean areApart(TreeSet<Long> instants) {
        return instants.stream().allMatch(instant -> instants.subSet(instant, false, instant + GAP_NANOS, false)
                .isEmpty());
    }

    private static void deadline(EngineEvent event, List<Long> causes) {
        long deadline = -1;
        if (event instanceof EngineEvent.Granted granted) {
            deadline = granted.deadline();
        } else if (event instanceof EngineEvent.Enqueued enqueued) {
            deadline = enqueued.deadline();
        } else if (event instanceof EngineEvent.AwaitBegan began) {
            deadline = began.deadline();
        } else if (event instanceof EngineEvent.Renewed renewed) {
            deadline = renewed.deadline();
        } else if (event instanceof EngineEvent.Rearmed rearmed) {
            deadline = rearmed.deadline();
        }
        if (deadline >= 0 && deadline <= END_NANOS) {
            causes.add(deadline);
        }
    }
}

package io.dflockd.chaos.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.model.Step.Close;
import io.dflockd.chaos.model.Step.Pass;
import io.dflockd.chaos.model.Step.Send;
import io.dflockd.chaos.model.Step.Verb;
import io.dflockd.fake.engine.EngineOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The engine against the model without jqwik: every short sequence over a small alphabet, and a great many random ones. */
class SmallScopeTest {

    private static final List<Verb> VERBS = List.of(Verb.values());

    private static final int LENGTH = 5;

    @Test
    void every_short_sequence_of_two_connections_on_one_key_agrees() {
        List<Step> alphabet = new ArrayList<>();
        for (int who = 0; who < 2; who++) {
            alphabet.add(send(who, Verb.ACQUIRE, 1, 0));
            alphabet.add(send(who, Verb.ACQUIRE, 2, 3));
            alphabet.add(send(who, Verb.ENQUEUE, 1, 0));
            alphabet.add(send(who, Verb.AWAIT, 0, 1));
        }
        alphabet.add(send(0, Verb.RELEASE, 0, 0));
        alphabet.add(send(0, Verb.RENEW, 2, 0));
        alphabet.add(new Pass(1_200, true));
        alphabet.add(new Close(0));
        EngineOptions options = Duel.options(2, 1024, 1, true, false);
        TreeSet<String> seen = new TreeSet<>();
        long sequences = (long) Math.pow(alphabet.size(), LENGTH);
        for (long number = 0; number < sequences; number++) {
            Duel duel = new Duel(options, 2);
            long rest = number;
            for (int i = 0; i < LENGTH; i++, rest /= alphabet.size()) {
                duel.apply(alphabet.get((int) (rest % alphabet.size())));
            }
            seen.addAll(duel.coverage().seen());
        }
        System.out.println(sequences + " sequences of " + LENGTH + " steps agree");
        assertThat(seen).contains("Granted", "TimedOut", "error_already_enqueued", "error_lease_expired");
    }

    @Test
    void many_random_steps_agree() {
        SplittableRandom random = new SplittableRandom(20260101);
        TreeSet<String> seen = new TreeSet<>();
        long began = System.nanoTime();
        int steps = 0;
        for (int run = 0; run < 2_000; run++) {
            Duel duel = new Duel(
                    Duel.options(
                            1 + random.nextInt(2) * 2L,
                            random.nextInt(4) == 0 ? 2 : 1024,
                            random.nextInt(3),
                            random.nextInt(4) > 0,
                            random.nextBoolean()),
                    Steps.CONNECTIONS);
            for (int i = 0; i < 100; i++, steps++) {
                duel.apply(step(random));
            }
            duel.finish();
            seen.addAll(duel.coverage().seen());
        }
        System.out.printf(
                "engine and model together: %,d random steps, %,d a second%n",
                steps, steps * 1_000_000_000L / (System.nanoTime() - began));
        assertThat(seen).containsAll(Coverage.all());
    }

    private static Send send(int who, Verb verb, long lease, long timeout) {
        return new Send(who, verb, false, 0, 1, lease, timeout, 0, 0);
    }

    private static Step step(SplittableRandom random) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            return new Close(random.nextInt(Steps.CONNECTIONS));
        } else if (kind < 5) {
            return new Pass(random.nextInt(30) == 0 ? 65_000 : 1 + random.nextInt(3_000), random.nextBoolean());
        }
        int key = random.nextInt(3);
        return new Send(
                random.nextInt(Steps.CONNECTIONS),
                VERBS.get(random.nextInt(VERBS.size())),
                key > 0 || random.nextBoolean(),
                key,
                random.nextInt(12) == 0 ? 1 + random.nextInt(3) : key + 1,
                random.nextInt(5),
                random.nextInt(5),
                random.nextInt(8) == 0 ? random.nextInt(3) : key,
                random.nextInt(10) == 0 ? -1 : random.nextInt(3));
    }
}

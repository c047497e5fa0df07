package io.dflockd.chaos.model;

import io.dflockd.chaos.model.Step.Close;
import io.dflockd.chaos.model.Step.Pass;
import io.dflockd.chaos.model.Step.Send;
import io.dflockd.chaos.model.Step.Verb;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** Draws steps for a duel: few connections and keys, short leases, so that much happens between them. Key n is mostly used with limit n + 1. */
final class Steps {

    static final int CONNECTIONS = 4;

    private Steps() {}

    static ActionChainArbitrary<Run> chain() {
        return ActionChain.startWith(Run::new)
                .withAction(30, new Begins())
                .withAction(6, sends(Verb.ACQUIRE))
                .withAction(4, sends(Verb.ENQUEUE))
                .withAction(4, sends(Verb.AWAIT))
                .withAction(4, sends(Verb.RELEASE))
                .withAction(3, sends(Verb.RENEW))
                .withAction(4, passes())
                .withAction(1, closes());
    }

    /** Only ever the first step. */
    private static final class Begins implements Action.Independent<Run> {
        @Override
        public boolean precondition(Run run) {
            return !run.hasBegun();
        }

        @Override
        public Arbitrary<Transformer<Run>> transformer() {
            return Combinators.combine(
                            Arbitraries.of(1L, 3L),
                            Arbitraries.frequency(Tuple.of(3, 1024), Tuple.of(1, 2)),
                            Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2)),
                            Arbitraries.frequency(Tuple.of(2, true), Tuple.of(1, false)),
                            Arbitraries.of(false, true))
                    .as(Duel::options)
                    .map(options -> step(new Step.Begin(options)));
        }
    }

    private static Action.Independent<Run> sends(Verb verb) {
        Arbitrary<Integer> who = Arbitraries.integers().between(0, CONNECTIONS - 1);
        Arbitrary<Integer> key = Arbitraries.frequency(Tuple.of(5, 0), Tuple.of(3, 1), Tuple.of(2, 2));
        Arbitrary<Integer> odd = Arbitraries.frequency(Tuple.of(12, 0), Tuple.of(1, 1));
        Arbitrary<Boolean> lockForm = Arbitraries.of(false, true);
        Arbitrary<Long> lease = Arbitraries.longs().between(0, 4);
        Arbitrary<Long> timeout = Arbitraries.longs().between(0, 4);
        Arbitrary<Integer> back =
                Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(3, 1), Tuple.of(1, 2), Tuple.of(1, -1));
        return () -> Combinators.combine(who, key, odd, lockForm, lease, timeout, back, odd)
                .as((w, k, o, l, ls, t, b, otherKey) -> {
                    boolean lock = k > 0 ? o == 1 : l && o == 0;
                    int limit = (k + o) % 3 + 1;
                    return step(new Send(w, verb, !lock, k, limit, ls, t, (k + otherKey) % 3, b));
                });
    }

    private static Action.Independent<Run> passes() {
        Arbitrary<Long> millis = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.longs().between(1, 2_000)),
                Tuple.of(3, Arbitraries.longs().between(2_000, 6_000)),
                Tuple.of(1, Arbitraries.longs().between(60_000, 70_000)));
        return () -> Combinators.combine(millis, Arbitraries.of(false, true)).as((m, leap) -> step(new Pass(m, leap)));
    }

    private static Action.Independent<Run> closes() {
        return () -> Arbitraries.integers().between(0, CONNECTIONS - 1).map(who -> step(new Close(who)));
    }

    private static Transformer<Run> step(Step step) {
        return Transformer.mutate(step.toString(), run -> run.apply(step));
    }
}

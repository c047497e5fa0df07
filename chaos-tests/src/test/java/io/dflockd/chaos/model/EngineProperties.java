package io.dflockd.chaos.model;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** The engine against the model, step by step, and the rules that its events must obey (PROPERTIES.md P15 and most of the others; rung R1). */
class EngineProperties {

    @Property(edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(onFailureOnly = true)
    void engine_answers_like_the_model(@ForAll("chains") ActionChain<Duel> chain) {
        Duel duel = run(chain);
        duel.finish();
        duel.coverage().seen().forEach(reply -> Statistics.label("replies").collect(reply));
        Statistics.label("replies").coverage(coverage -> Coverage.all()
                .forEach(reply -> coverage.check(reply).count(count -> count > 0)));
    }

    /** jqwik wraps what a step throws, but shrinks towards failures of the same class. */
    private static Duel run(ActionChain<Duel> chain) {
        try {
            return chain.run();
        } catch (AssertionError e) {
            throw e.getCause() instanceof Violation violation ? violation : e;
        }
    }

    @Provide
    Arbitrary<ActionChain<Duel>> chains() {
        Arbitrary<Duel.Start> starts = Combinators.combine(
                        Arbitraries.of(1L, 3L),
                        Arbitraries.frequency(Tuple.of(3, 1024), Tuple.of(1, 2)),
                        Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1), Tuple.of(1, 2)),
                        Arbitraries.frequency(Tuple.of(3, true), Tuple.of(1, false)),
                        Arbitraries.of(false, true))
                .as((sweep, maxLocks, maxWaiters, autoRelease, forgetful) -> new Duel.Start(
                        Duel.options(sweep, maxLocks, maxWaiters, autoRelease, forgetful), Steps.CONNECTIONS));
        return starts.flatMap(start -> Steps.chain(start).withMaxTransformations(60));
    }
}

package io.dflockd.chaos.model;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** The engine against the model, step by step, and the rules that its events must obey (PROPERTIES.md P15 and most of the others; rung R1). */
public class EngineProperties {

    @Property(edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(onFailureOnly = true)
    public void engine_answers_like_the_model(@ForAll("chains") ActionChain<Run> chain) {
        Duel duel = run(chain);
        finish(duel, chain);
        duel.coverage().seen().forEach(reply -> Statistics.label("replies").collect(reply));
        Statistics.label("replies").coverage(coverage -> Coverage.all()
                .forEach(reply -> coverage.check(reply).count(count -> count > 0)));
    }

    /** jqwik wraps what a step throws, but shrinks towards failures of the same class. */
    private static Duel run(ActionChain<Run> chain) {
        try {
            return chain.run().duel();
        } catch (AssertionError e) {
            throw e.getCause() instanceof Violation violation ? violation.after(chain.transformations()) : e;
        }
    }

    private static void finish(Duel duel, ActionChain<Run> chain) {
        try {
            duel.finish();
        } catch (Violation violation) {
            throw violation.after(chain.transformations());
        }
    }

    @Provide
    Arbitrary<ActionChain<Run>> chains() {
        return Steps.chain().withMaxTransformations(60);
    }
}

package io.dflockd.chaos.model;

import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** The engine against the model, step by step, and the rules that its events must obey (PROPERTIES.md P15 and most of the others; rung R1). */
public class EngineProperties {

    @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @StatisticsReport(onFailureOnly = true)
    public void engine_answers_like_the_model(@ForAll("chains") ActionChain<Run> chain) {
        AtomicReference<Run> run = new AtomicReference<>();
        try {
            chain.peek(run::set).run().duel().finish();
        } catch (Violation violation) {
            throw Shrinker.shrink(run.get().steps(), violation);
        } catch (AssertionError e) {
            throw e.getCause() instanceof Violation violation
                    ? Shrinker.shrink(run.get().steps(), violation)
                    : e;
        }
        run.get().duel().coverage().seen().forEach(reply -> Statistics.label("replies")
                .collect(reply));
        Statistics.label("replies").coverage(coverage -> Coverage.all()
                .forEach(reply -> coverage.check(reply).count(count -> count > 0)));
    }

    @Provide
    Arbitrary<ActionChain<Run>> chains() {
        return Steps.chain().withMaxTransformations(60);
    }
}

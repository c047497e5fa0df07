package io.dflockd.chaos.model;

import java.util.ArrayList;
import java.util.List;
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
        List<Run> runs = new ArrayList<>();
        try {
            chain.peek(runs::add).run().duel().finish();
        } catch (Violation violation) {
            throw Shrinker.shrink(last(runs).steps(), violation);
        } catch (AssertionError e) {
            throw e.getCause() instanceof Violation violation
                    ? Shrinker.shrink(last(runs).steps(), violation)
                    : e;
        }
        last(runs).duel().coverage().seen().forEach(reply -> Statistics.label("replies")
                .collect(reply));
        Statistics.label("replies").coverage(coverage -> Coverage.all()
                .forEach(reply -> coverage.check(reply).count(count -> count > 0)));
    }

    private static Run last(List<Run> runs) {
        return runs.get(runs.size() - 1);
    }

    @Provide
    Arbitrary<ActionChain<Run>> chains() {
        return Steps.chain().withMaxTransformations(60);
    }
}

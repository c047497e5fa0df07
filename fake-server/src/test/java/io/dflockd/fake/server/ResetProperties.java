package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A server that was reset equals one that has just started, whatever was done to it, and whatever those do who still have something of before. */
class ResetProperties {

    private static final int STEPS = 40;

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void a_reset_server_equals_a_fresh_one(
            @ForAll Profile profile,
            @ForAll long before,
            @ForAll long after,
            @ForAll @IntRange(max = STEPS) int stepsBefore,
            @ForAll @IntRange(max = STEPS) int stepsAfter) {
        FakeOptions options = FakeOptions.defaults()
                .withProfile(profile)
                .withManualClock()
                .withSeed(7)
                .withReadTimeout(Duration.ofSeconds(20))
                .withJournalSize(20);
        EngineDriver fresh = new EngineDriver(options, new ManualTime());
        List<String> expected =
                new ResetScript(fresh, after).run(stepsAfter, () -> {}).seen();

        EngineDriver used = new EngineDriver(options, new ManualTime());
        ResetScript first = new ResetScript(used, before).run(stepsBefore, () -> {});
        used.reset();
        List<String> again =
                new ResetScript(used, after).run(stepsAfter, first::late).seen();

        assertThat(again).containsExactlyElementsOf(expected);
    }
}

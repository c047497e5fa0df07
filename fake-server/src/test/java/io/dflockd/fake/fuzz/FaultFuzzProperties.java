package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Noise and faults together: whatever strikes whatever peers do, the server goes on, and once it is over nothing stays behind. */
class FaultFuzzProperties {

    /** What a network that is cut may hold back, and a reply more. */
    private static final long MOST_KEPT = 300 * 1024;

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void faults_of_some_connections_are_not_noticed_on_others(@ForAll Random seeds) {
        new FuzzRun("faults").rounds(seeds.nextLong(), (random, run) -> play(random, run, false));
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void faults_of_the_whole_server_leave_nothing_behind(@ForAll Random seeds) {
        new FuzzRun("faults of all").rounds(seeds.nextLong(), (random, run) -> play(random, run, true));
    }

    private static void play(SplittableRandom random, FuzzRun run, boolean ofAll) {
        FakeOptions options = SessionFuzzProperties.options(random);
        EngineDriver driver = new EngineDriver(options, new ManualTime());
        Mischief mischief = new Mischief(driver, options.profile(), random, run);
        GoodPeer good = new GoodPeer(driver, options);
        List<BadPeer> bad = new ArrayList<>();
        for (int left = random.nextInt(2, 5); left > 0; left--) {
            bad.add(new BadPeer(driver, random, run, MOST_KEPT));
        }

        for (int left = random.nextInt(10, 80); left > 0; left--) {
            BadPeer peer = bad.get(random.nextInt(bad.size()));
            switch (random.nextInt(ofAll ? 6 : 5)) {
                case 0 -> driver.advance(Duration.ofMillis(random.nextInt(5_000)));
                case 1 -> mischief.to(peer.number());
                case 5 -> mischief.toAll();
                default -> peer.act();
            }
            if (!ofAll) {
                good.exchange();
            }
        }

        bad.forEach(BadPeer::leave);
        good.leave();
        mischief.end();
        driver.advance(SessionFuzzProperties.AGES);
        assertThat(bad).allMatch(BadPeer::isGone);
        assertThat(driver.nextDeadline()).as("a timer that is left").isEmpty();
        good.seesNothingHeld();
    }
}

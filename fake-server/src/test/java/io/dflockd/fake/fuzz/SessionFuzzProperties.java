package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
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

/** The seam under the sockets: whatever peers do, nobody else notices, and nothing stays behind. */
class SessionFuzzProperties {

    /** As long as the engine's time goes, nearly. */
    static final Duration AGES = Duration.ofHours(2_500_000);

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void whatever_some_peers_do_others_are_served_and_nothing_stays_behind(@ForAll Random seeds) {
        new FuzzRun("sessions").rounds(seeds.nextLong(), SessionFuzzProperties::play);
    }

    private static void play(SplittableRandom random, FuzzRun run) {
        FakeOptions options = options(random);
        EngineDriver driver = new EngineDriver(options, new ManualTime());
        GoodPeer good = new GoodPeer(driver, options);
        List<BadPeer> bad = new ArrayList<>();
        for (int left = random.nextInt(2, 7); left > 0; left--) {
            bad.add(new BadPeer(driver, random, run, BadPeer.MOST_KEPT));
        }

        for (int left = random.nextInt(10, 60); left > 0; left--) {
            if (random.nextInt(12) == 0) {
                driver.advance(Duration.ofMillis(random.nextInt(30_000)));
            } else {
                bad.get(random.nextInt(bad.size())).act();
            }
            good.exchange();
        }

        bad.forEach(BadPeer::leave);
        good.leave();
        driver.advance(AGES);
        assertThat(bad).allMatch(BadPeer::isGone);
        assertThat(driver.nextDeadline()).as("a timer that is left").isEmpty();
        good.seesNothingHeld();
    }

    /** On V0 a lease may last for ever, so there nothing may outlive its connection. */
    @SuppressWarnings("EnumOrdinal") // Any of them will do.
    static FakeOptions options(SplittableRandom random) {
        Profile profile = Profile.values()[random.nextInt(3)];
        FakeOptions options = FakeOptions.defaults()
                .withManualClock()
                .withProfile(profile)
                .withSeed(random.nextLong())
                .withMaxWaiters(random.nextInt(3))
                .withAutoReleaseOnDisconnect(profile == Profile.V0 || random.nextInt(4) > 0);
        if (random.nextBoolean()) {
            options = options.withReadTimeout(Duration.ofSeconds(5));
        }
        return profile.hasAuth() && random.nextInt(3) == 0 ? options.withAuthToken("secret") : options;
    }
}

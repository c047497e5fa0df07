package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Real sockets: floods, noise, peers that do not read. A client that behaves is served all the while, and nothing leaks. */
class SocketFuzzProperties {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long MEGABYTE = 1 << 20;

    /** Far more than a hundred attacks may leave with a server, far less than they send it. */
    private static final long MOST_HEAP = 100 * MEGABYTE;

    private static final int ATTACKS = 25;
    private static final long QUIET_MILLIS = 50;

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void a_client_that_behaves_is_served_whatever_others_do(@ForAll Random seeds) {
        new FuzzRun("sockets").rounds(seeds.nextLong(), SocketFuzzProperties::play);
    }

    private static void play(SplittableRandom random, FuzzRun run) throws Exception {
        long heap = heap();
        long files = files();
        try (FakeDflockdServer server = FakeDflockdServer.start(options(random))) {
            InetSocketAddress address = new InetSocketAddress(server.host(), server.port());
            try (Exchanger good = new Exchanger(address)) {
                run.count("rounds while quiet", Math.round(good.rate(QUIET_MILLIS)));
                try (Attacker first = new Attacker(address, random.split(), run);
                        Attacker second = new Attacker(address, random.split(), run)) {
                    run.count("rounds under attack", Math.round(rate(good, first, second)));
                    assertThat(heap() - heap)
                            .as("heap with all attackers connected")
                            .isLessThan(MOST_HEAP);
                }
                await().atMost(LIMIT).untilAsserted(() -> assertThat(good.ask("stats", "_", "_"))
                        .contains("\"connections\":1,", "\"locks\":[]", "\"semaphores\":[]"));
            }
        }
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(files()).as("open files").isLessThanOrEqualTo(files);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().startsWith("dflockd-fake"));
        });
    }

    /** How often the client that behaves gets its lock a second while others attack. */
    private static double rate(Exchanger good, Attacker... attackers) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(attackers.length);
        try {
            long start = System.nanoTime();
            long times = 0;
            Future<?>[] attacks = new Future<?>[attackers.length];
            for (int i = 0; i < attackers.length; i++) {
                Attacker attacker = attackers[i];
                attacks[i] = threads.submit(() -> {
                    for (int left = ATTACKS; left > 0; left--) {
                        attacker.attack();
                    }
                    return true;
                });
            }
            for (Future<?> attack : attacks) {
                while (!attack.isDone()) {
                    good.holdOnce();
                    times++;
                }
                attack.get();
            }
            return times * 1e9 / (System.nanoTime() - start);
        } finally {
            threads.shutdownNow();
        }
    }

    private static FakeOptions options(SplittableRandom random) {
        return FakeOptions.defaults()
                .withProfile(random.nextBoolean() ? Profile.V1 : Profile.V2)
                .withWriteTimeout(Duration.ofMillis(200));
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}

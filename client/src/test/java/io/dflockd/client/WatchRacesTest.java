package io.dflockd.client;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dflockd.fake.FakeDflockdServer;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Watching begins and ends thousands of times while renewals, releases and ends of connections race: DESIGN section 4, rules 4 and 11. */
@Isolated("it counts the files that the whole process has open")
@Timeout(120)
class WatchRacesTest {

    private static final int HOLDERS = 8;
    private static final int LEASES = 4;
    private static final int RENEWALS = 100;

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final AtomicInteger renewals = new AtomicInteger();

    @Test
    void rule_11_renewals_and_releases_race_with_the_watch_on_platform_threads() throws Exception {
        race(Executors.newCachedThreadPool());
    }

    @Test
    void rule_11_renewals_and_releases_race_with_the_watch_on_virtual_threads() throws Exception {
        if (Runtime.version().feature() < 21) {
            System.out.println(
                    "*** NOT TESTED HERE: the watch and virtual threads; run WatchRacesTest on 21 or newer ***");
        }
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        race((ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
    }

    private void race(ExecutorService threads) throws Exception {
        try {
            hold(threads); // so that what is made once is there
            int before = descriptors();
            hold(threads);
            await().until(() -> descriptors() <= before);
            assertThat(renewals.get()).isGreaterThanOrEqualTo(2 * HOLDERS * LEASES * RENEWALS);
            assertThat(runtime.running()).isZero();
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    /** Nothing of it may be lost. */
    private void hold(ExecutorService threads) throws Exception {
        LossLog log = new LossLog();
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = clientOf(server)) {
            List<Callable<String>> holders = new ArrayList<>();
            for (int i = 0; i < HOLDERS; i++) {
                String key = "orders-" + i;
                holders.add(() -> {
                    for (int j = 0; j < LEASES; j++) {
                        Lease lease = client.lock(key)
                                .withRenewRatio(0.02)
                                .acquire(); // renewed in the background as often as it is watched anew
                        log.listenTo(lease);
                        renewAndRelease(lease, threads);
                    }
                    return key;
                });
            }
            for (Future<String> holder : threads.invokeAll(holders)) {
                holder.get();
            }
            assertThat(log.losses()).isEmpty();
        }
    }

    private void renewAndRelease(Lease lease, ExecutorService threads) throws Exception {
        long start = System.nanoTime();
        Future<String> other = threads.submit(() -> {
            try {
                while (true) {
                    lease.renew();
                }
            } catch (LeaseLostException e) {
                return e.getMessage();
            }
        });
        for (int i = 0; i < RENEWALS || System.nanoTime() - start < 150_000_000; i++) {
            lease.renew();
            renewals.incrementAndGet();
        }
        assertThat(lease.release()).isTrue();
        assertThat(other.get(20, TimeUnit.SECONDS)).contains("RELEASED");
    }

    @Test
    void rule_04_every_end_of_a_connection_that_races_with_renewals_is_one_loss() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = clientOf(server)) {
            for (int i = 0; i < 30; i++) {
                LossLog log = new LossLog();
                Lease lease = client.lock("orders").withLease(ofSeconds(60)).acquire();
                log.listenTo(lease);
                long connection = server.state().held().get(0).connection();
                Future<Integer> renewing = threads.submit(() -> {
                    int done = 0;
                    for (long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); ; done++) {
                        try {
                            lease.renew();
                        } catch (LeaseLostException e) {
                            return done;
                        }
                        assertThat(System.nanoTime() - until).isNegative();
                    }
                });
                long start = System.nanoTime();
                long moment = TimeUnit.MILLISECONDS.toNanos(70 + 2 * i);
                await().until(() -> System.nanoTime() - start > moment);
                server.kick(connection);
                renewing.get(30, TimeUnit.SECONDS);
                assertThat(lease.isHeld()).isFalse();
                await().until(() -> log.losses().size() == 1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private DflockdClient clientOf(FakeDflockdServer server) {
        return DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .build();
    }

    /** Open files of this process; zero where nobody tells. */
    private static int descriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}

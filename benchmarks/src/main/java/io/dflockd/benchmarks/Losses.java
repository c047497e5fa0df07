package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.ServerProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How soon the holders of thousands of leases of one client hear that their server was killed. */
final class Losses {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final long ALL_WATCHED = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_SECONDS = 60;

    private Losses() {}

    /**
     * Prints when the first, the median and the last listener were called, counted from the kill.
     *
     * @return false if one was not called within a minute
     */
    static boolean measure(int count) throws Exception {
        long[] told = new long[count];
        CountDownLatch untold = new CountDownLatch(count);
        List<Lease> leases = new ArrayList<>(count); // a lease that nobody has any more ends by itself
        try (OtherJvm fake = OtherJvm.start(ServerProgram.class, "--port", "0", "--max-locks", "20000");
                DflockdClient client = DflockdClient.connect(fake.address().toString())) {
            for (int i = 0; i < count; i++) {
                int number = i;
                Lease lease = client.lock("lost-" + i).withLease(LEASE).acquire();
                lease.onLost(loss -> {
                    told[number] = System.nanoTime();
                    untold.countDown();
                });
                leases.add(lease);
            }
            LockSupport.parkNanos(ALL_WATCHED);
            long start = System.nanoTime();
            fake.kill();
            if (!untold.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                System.out.printf("FAILED: %d losses were not told%n", untold.getCount());
                return false;
            }
            Arrays.sort(told);
            System.out.printf(
                    "%-44s %10d at %.0f / %.0f / %.0f ms%n",
                    "losses told, first / median / last",
                    leases.stream().filter(lease -> !lease.isHeld()).count(),
                    (told[0] - start) / 1e6,
                    (told[count / 2] - start) / 1e6,
                    (told[count - 1] - start) / 1e6);
            return true;
        }
    }
}

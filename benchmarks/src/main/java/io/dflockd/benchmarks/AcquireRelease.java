package io.dflockd.benchmarks;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;

/**
 * Uncontended acquire and release through the client's public API, beside a raw socket loop with the same bytes, in turns against the same server.
 *
 * <p>{@code AcquireRelease HOST:PORT [SECONDS-PER-TURN [TURNS]]}
 */
public final class AcquireRelease {

    private static final int[] THREADS = {1, 8, 64};

    private AcquireRelease() {}

    public static void main(String[] args) throws Exception {
        ServerAddress server = ServerAddress.parse(args[0]);
        SideBySide measure = SideBySide.of(args, 1);
        System.out.printf(
                "acquire+release pairs per second, median of %d turns of %.1f s each, server %s, Java %s%n",
                measure.turns(), measure.seconds(), server, Runtime.version().feature());
        SideBySide.printHead("client", "raw");
        try (DflockdClient client = DflockdClient.connect(server.toString())) {
            for (int threads : THREADS) {
                measure.printRow(
                        threads,
                        number -> {
                            DistributedLock lock =
                                    client.lock("bench-" + number).withLease(Duration.ofSeconds(30));
                            return () -> lock.acquire().close();
                        },
                        number -> new RawLoop(server.host(), server.port(), "bench-" + number));
            }
        }
    }
}

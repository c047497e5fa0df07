package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.ShardingStrategy;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a task does when all threads that may wait are taken: nothing that could wait (DESIGN section 4, rule 9). */
@Timeout(60)
class BriefRunTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SkewedRuntime runtime = new SkewedRuntime();
    private final LockOptions lock = new LockOptions(
            WireKey.of("orders"), 0, LockOptions.DEFAULT_LEASE, Duration.ofSeconds(1), 0.5, true, WireTime.MAX_NANOS);

    @Test
    void slot_is_not_freed_but_stays_to_be_freed_until_its_lease_is_over() {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            Freeing freeing = new Freeing(shard(server), lock, TOKEN, runtime.nanoTime() + 30 * SECOND);
            assertThat(freeing.runBriefly()).isFalse();
            runtime.jump(Duration.ofSeconds(30));
            assertThat(freeing.runBriefly()).isTrue();
            assertThat(runtime.connects()).isZero();
        }
    }

    @Test
    void late_answer_is_cancelled_by_closing() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            Shard shard = shard(server);
            Connection connection = shard.pool().fresh(SECOND);
            server.scriptedClient().ask("l", "orders", "0 600");
            connection.send(RequestWriter.LOCK.acquire(lock.key(), 60, 1, 60));
            AbandonedWait wait = new AbandonedWait(shard, lock, connection, runtime.nanoTime() + 60 * SECOND);
            assertThat(wait.runBriefly()).isTrue();
            assertThat(connection.isClosed()).isTrue();
        }
    }

    private Shard shard(FakeDflockdServer server) {
        ServerAddress address = ServerAddress.parse(server.address());
        ClientOptions options = new ClientOptions(
                List.of(address),
                runtime,
                Optional.empty(),
                SECOND,
                SECOND,
                SECOND,
                SECOND,
                false,
                Optional.empty(),
                ShardingStrategy.CRC_32,
                false);
        LossNotices notices = new LossNotices(runtime);
        return new Shard(address, options, notices, new WatchThread(runtime, notices));
    }
}

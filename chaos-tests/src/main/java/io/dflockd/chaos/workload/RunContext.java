package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.Recorder;
import io.dflockd.client.spi.ServerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.zip.CRC32;

/**
 * What all workers of a run share.
 *
 * @param servers where they connect to, at least one
 * @param scissors closes connections and interrupts waits at a later moment
 */
record RunContext(
        RunSettings settings,
        List<ServerAddress> servers,
        Recorder recorder,
        CuttableRuntime runtime,
        TestKeys keys,
        SeenTokens tokens,
        Figures figures,
        StopSignal stop,
        ScheduledExecutorService scissors) {

    /** Where the key lives, by the same rule as in the client (PROTOCOL.md section 7). */
    ServerAddress server(TestKey key) {
        CRC32 crc = new CRC32();
        crc.update(key.name().getBytes(StandardCharsets.UTF_8));
        return servers.get((int) (crc.getValue() % servers.size()));
    }
}

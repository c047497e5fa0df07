package io.dflockd.chaos.workload;

import io.dflockd.chaos.nemesis.FaultKind;
import io.dflockd.client.spi.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run is to do.
 *
 * @param servers the servers, or none for an embedded fake
 * @param access what the servers want before they listen
 * @param report the folder for the history
 */
public record RunSettings(
        List<ServerAddress> servers,
        Access access,
        Duration duration,
        int clients,
        int keys,
        LeaseRange lease,
        Level level,
        Set<FaultKind> faults,
        long seed,
        Path report,
        boolean strict) {

    public RunSettings {
        servers = List.copyOf(servers);
        faults = Set.copyOf(faults);
    }

    /** Whether the server is the embedded fake. */
    public boolean isFake() {
        return servers.isEmpty();
    }

    /** The settings by name, for the history. */
    Map<String, String> byName() {
        Map<String, String> names = new TreeMap<>();
        names.put("servers", servers.stream().map(ServerAddress::toString).collect(Collectors.joining(",")));
        names.put("duration", duration.toMillis() + "ms");
        names.put("clients", Integer.toString(clients));
        names.put("keys", Integer.toString(keys));
        names.put("lease", lease.toString());
        names.put("level", level.name());
        names.put("faults", faults.stream().sorted().map(FaultKind::word).collect(Collectors.joining(",")));
        return names;
    }
}

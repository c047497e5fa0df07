package io.dflockd.junit;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What was set for a fake, as flags of the real server (PROTOCOL.md section 6). The secret is not among them: command lines can be read by others. */
final class OptionFlags {

    private static final long SECOND = 1_000_000_000;

    private final List<String> flags = new ArrayList<>();

    private OptionFlags() {}

    /**
     * Those that differ from the standard.
     *
     * @throws IllegalArgumentException if a time is not in whole seconds
     */
    static List<String> of(FakeOptions options) {
        EngineOptions is = options.engineOptions(0);
        EngineOptions was = FakeOptions.defaults().engineOptions(0);
        OptionFlags flags = new OptionFlags();
        flags.add("default-lease-ttl", is.defaultLeaseSeconds(), was.defaultLeaseSeconds());
        flags.add("lease-sweep-interval", seconds(is.sweepInterval()), seconds(was.sweepInterval()));
        flags.add("gc-interval", seconds(is.gcInterval()), seconds(was.gcInterval()));
        flags.add("gc-max-idle", seconds(is.gcMaxIdle()), seconds(was.gcMaxIdle()));
        flags.add("max-locks", is.maxLocks(), was.maxLocks());
        flags.add("max-waiters", is.maxWaiters(), was.maxWaiters());
        flags.add("max-connections", options.maxConnections(), 0);
        options.readTimeout().ifPresent(time -> flags.add("read-timeout", seconds(time.toNanos()), 23));
        flags.add("write-timeout", seconds(options.writeTimeout().toNanos()), 5);
        flags.add("shutdown-timeout", seconds(options.shutdownTimeout().toNanos()), 30);
        if (!is.autoRelease()) {
            flags.flags.add("--auto-release-on-disconnect=false");
        }
        return flags.flags;
    }

    private void add(String name, long value, long standard) {
        if (value != standard) {
            flags.add("--" + name + '=' + value);
        }
    }

    private static long seconds(long nanos) {
        if (nanos % SECOND != 0) {
            throw new IllegalArgumentException(
                    "a real server counts whole seconds, and has no " + Duration.ofNanos(nanos));
        }
        return nanos / SECOND;
    }
}

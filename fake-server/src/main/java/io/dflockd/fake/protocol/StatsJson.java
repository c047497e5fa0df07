package io.dflockd.fake.protocol;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The JSON of {@code stats}, in one line, as the real server's language writes it. */
public final class StatsJson {

    private StatsJson() {}

    public static String write(ServerStats stats) {
        return "{\"connections\":" + stats.connections()
                + ",\"locks\":" + array(stats.locks(), StatsJson::lock)
                + ",\"semaphores\":" + array(stats.semaphores(), StatsJson::semaphore)
                + ",\"idle_locks\":" + array(stats.idleLocks(), StatsJson::idle)
                + ",\"idle_semaphores\":" + array(stats.idleSemaphores(), StatsJson::idle)
                + "}";
    }

    private static <T> String array(List<T> values, Function<T, String> text) {
        return values.stream().map(text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String lock(ServerStats.HeldLock lock) {
        return "{\"key\":" + GoJson.string(lock.key().bytes())
                + ",\"owner_conn_id\":" + lock.owner()
                + ",\"lease_expires_in_s\":" + GoJson.seconds(lock.nanosLeft())
                + ",\"waiters\":" + lock.waiters() + "}";
    }

    private static String semaphore(ServerStats.HeldSemaphore semaphore) {
        return "{\"key\":" + GoJson.string(semaphore.key().bytes())
                + ",\"limit\":" + semaphore.limit()
                + ",\"holders\":" + semaphore.holders()
                + ",\"waiters\":" + semaphore.waiters() + "}";
    }

    private static String idle(ServerStats.IdleKey idle) {
        return "{\"key\":" + GoJson.string(idle.key().bytes()) + ",\"idle_s\":" + GoJson.seconds(idle.nanosIdle())
                + "}";
    }
}

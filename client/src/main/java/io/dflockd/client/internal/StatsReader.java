package io.dflockd.client.internal;

import io.dflockd.client.ServerStats;
import io.dflockd.client.ServerStats.IdleStats;
import io.dflockd.client.ServerStats.LockStats;
import io.dflockd.client.ServerStats.SemaphoreStats;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Makes records of the JSON that {@code stats} answers (PROTOCOL.md section 5). Every member it knows has to be there and of its kind; all others are ignored.
 */
final class StatsReader {

    private static final double NANOS_PER_SECOND = 1e9;

    /** So long may a duration be; no lease comes near. */
    private static final double MAX_SECONDS = 1e15;

    private final JsonReader json;
    private List<LockStats> locks = List.of();
    private List<SemaphoreStats> semaphores = List.of();
    private List<IdleStats> idleLocks = List.of();
    private List<IdleStats> idleSemaphores = List.of();

    private StatsReader(String text) {
        this.json = new JsonReader(text);
    }

    /** @throws MalformedReplyException if it is no JSON, or not that of stats; the message quotes nothing of it */
    static ServerStats read(ServerAddress server, String text) throws MalformedReplyException {
        return new StatsReader(text).read(server);
    }

    private ServerStats read(ServerAddress server) throws MalformedReplyException {
        Map<String, Value> lock = Map.of(
                "key", json::string,
                "owner_conn_id", json::count,
                "lease_expires_in_s", this::seconds,
                "waiters", json::count);
        Map<String, Value> semaphore =
                Map.of("key", json::string, "limit", json::count, "holders", json::count, "waiters", json::count);
        Map<String, Value> idle = Map.of("key", json::string, "idle_s", this::seconds);
        Members stats = object(Map.of(
                "connections", json::count,
                "locks", () -> locks = array(lock, StatsReader::lock),
                "semaphores", () -> semaphores = array(semaphore, StatsReader::semaphore),
                "idle_locks", () -> idleLocks = array(idle, StatsReader::idle),
                "idle_semaphores", () -> idleSemaphores = array(idle, StatsReader::idle)));
        json.end();
        return new ServerStats(server, stats.count("connections"), locks, semaphores, idleLocks, idleSemaphores);
    }

    private static LockStats lock(Members lock) {
        return new LockStats(
                lock.text("key"),
                lock.count("owner_conn_id"),
                lock.duration("lease_expires_in_s"),
                lock.count("waiters"));
    }

    private static SemaphoreStats semaphore(Members semaphore) {
        return new SemaphoreStats(
                semaphore.text("key"),
                semaphore.count("limit"),
                semaphore.count("holders"),
                semaphore.count("waiters"));
    }

    private static IdleStats idle(Members idle) {
        return new IdleStats(idle.text("key"), idle.duration("idle_s"));
    }

    private <T> List<T> array(Map<String, Value> known, Function<Members, T> element) throws MalformedReplyException {
        List<T> elements = new ArrayList<>();
        json.beginArray();
        for (boolean first = true; json.hasNext(first); first = false) {
            elements.add(element.apply(object(known)));
        }
        return elements;
    }

    private Members object(Map<String, Value> known) throws MalformedReplyException {
        Map<String, Object> members = new HashMap<>();
        json.beginObject();
        String name = json.nextName(true);
        while (name != null) {
            Value value = known.get(name);
            if (value == null) {
                json.skipValue();
            } else {
                members.put(name, value.read());
            }
            name = json.nextName(false);
        }
        for (String needed : known.keySet()) {
            if (!members.containsKey(needed)) {
                throw new MalformedReplyException("stats without member " + needed);
            }
        }
        return new Members(members);
    }

    private Duration seconds() throws MalformedReplyException {
        double seconds = Math.min(Math.max(0, json.decimal()), MAX_SECONDS);
        long whole = (long) seconds;
        return Duration.ofSeconds(whole, Math.round((seconds - whole) * NANOS_PER_SECOND));
    }

    /** Reads one value of the kind that is expected. */
    @FunctionalInterface
    private interface Value {
        Object read() throws MalformedReplyException;
    }

    /** The members of an object, all of them there, each of its kind. */
    private record Members(Map<String, Object> values) {

        String text(String name) {
            return String.class.cast(get(name));
        }

        long count(String name) {
            return Long.class.cast(get(name));
        }

        Duration duration(String name) {
            return Duration.class.cast(get(name));
        }

        private Object get(String name) {
            return Objects.requireNonNull(values.get(name), name);
        }
    }
}

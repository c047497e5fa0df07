package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Status;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The known keys. One that is idle is forgotten at the first clean-up after its time; until then it keeps its limit and counts. */
final class KeyTable {

    private final EngineOptions options;
    private final TimerQueue timers;
    private final Map<Key, KeyState> keys = new LinkedHashMap<>();

    KeyTable(EngineOptions options, TimerQueue timers) {
        this.options = options;
        this.timers = timers;
    }

    /** The key, if it is known. */
    Optional<KeyState> find(Key key) {
        return Optional.ofNullable(keys.get(key));
    }

    Collection<KeyState> all() {
        return keys.values();
    }

    /** Why this limit of this key cannot be asked for, if so: the first checks of an acquire, in their order. */
    Optional<Status> refusal(Key key, long limit) {
        KeyState known = keys.get(key);
        if (known != null) {
            return known.limit == limit ? Optional.empty() : Optional.of(Status.LIMIT_MISMATCH);
        }
        return keys.size() < options.maxLocks() ? Optional.empty() : Optional.of(Status.MAX_LOCKS);
    }

    /** The key, known from now on. */
    KeyState open(Key key, long limit) {
        return keys.computeIfAbsent(key, unknown -> new KeyState(unknown, limit));
    }

    /** Somebody holds the key. */
    void busy(KeyState state) {
        if (state.cleanUp != null) {
            timers.cancel(state.cleanUp);
            state.cleanUp = null;
        }
    }

    /** The last holder is gone, and nobody waits. */
    void idle(KeyState state, long now) {
        state.idleSince = now;
        long over = Deadline.after(now, options.gcMaxIdle() + 1);
        long tick = Deadline.tick(options.start(), options.gcInterval(), over);
        state.cleanUp = timers.schedule(tick, at -> keys.remove(state.key));
    }
}

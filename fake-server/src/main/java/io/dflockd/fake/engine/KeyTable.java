package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Status;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The known keys. One that is idle is forgotten at the first clean-up after its time; until then it keeps its limit and counts. */
final class KeyTable {

    private EngineOptions options;
    private final TimerQueue timers;
    private final Map<KeyName, KeyState> keys = new LinkedHashMap<>();

    KeyTable(EngineOptions options, TimerQueue timers) {
        this.options = options;
        this.timers = timers;
    }

    /** From now on these count. */
    void configure(EngineOptions changed) {
        options = changed;
    }

    /** The key, if it is known. */
    Optional<KeyState> find(KeyName name) {
        return Optional.ofNullable(keys.get(name));
    }

    Collection<KeyState> all() {
        return keys.values();
    }

    /** Why this limit of this key cannot be asked for, if so: the first checks of an acquire, in their order. */
    Optional<Status> refusal(KeyName name, long limit) {
        KeyState known = keys.get(name);
        if (known != null) {
            return known.limit == limit ? Optional.empty() : Optional.of(Status.LIMIT_MISMATCH);
        }
        return isFull() ? Optional.of(Status.MAX_LOCKS) : Optional.empty();
    }

    /** Whether as many keys are known as may be. */
    boolean isFull() {
        return keys.size() >= options.maxLocks();
    }

    /** The key, known from now on. */
    KeyState open(KeyName name, long limit) {
        return keys.computeIfAbsent(name, unknown -> new KeyState(unknown, limit));
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
        state.cleanUp = timers.schedule(tick, at -> keys.remove(state.name));
    }
}

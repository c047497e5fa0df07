package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Key;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A known key: who holds it, who waits for it, and since when nobody does. */
final class KeyState {

    final KeyName name;
    final Key key;
    final long limit;

    /** By token, in the order of the grants. */
    final Map<String, Holder> holders = new LinkedHashMap<>();

    /** First come, first served; places in the middle are given up. */
    final Set<Waiter> queue = new LinkedHashSet<>();

    long idleSince;

    /** Armed while the key is idle. */
    TimerQueue.@Nullable Timer cleanUp;

    KeyState(KeyName name, long limit) {
        this.name = name;
        this.key = name.key();
        this.limit = limit;
    }

    boolean hasFreeSlot() {
        return holders.size() < limit;
    }
}

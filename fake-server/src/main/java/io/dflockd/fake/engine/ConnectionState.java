package io.dflockd.fake.engine;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the engine knows of a connection: its slots, its places in queues, and its entries. */
final class ConnectionState {

    final long number;
    final Set<Holder> holders = new LinkedHashSet<>();
    final Set<Waiter> waiters = new LinkedHashSet<>();
    final Map<KeyName, Entry> entries = new HashMap<>();

    /** Whether a command of it waits for its reply. */
    boolean blocked;

    /** Whether what it has stays when it ends. */
    boolean outlived;

    ConnectionState(long number) {
        this.number = number;
    }
}

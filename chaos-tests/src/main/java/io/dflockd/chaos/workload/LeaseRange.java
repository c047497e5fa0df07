package io.dflockd.chaos.workload;

/**
 * The leases that workers ask for, in whole seconds as on the wire.
 *
 * @param shortest at least 1
 * @param longest at least the shortest
 */
public record LeaseRange(long shortest, long longest) {

    public LeaseRange {
        if (shortest < 1 || longest < shortest) {
            throw new IllegalArgumentException(
                    "leases must be at least 1 s, the shortest first, not " + shortest + "s.." + longest + "s");
        }
    }

    @Override
    public String toString() {
        return shortest + "s.." + longest + "s";
    }
}

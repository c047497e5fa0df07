package io.dflockd.chaos.simulation;

/** A process of the simulated world: its actors stop together when it is paused. */
final class SimulatedProcess {

    private final String name;
    private long pausedUntil = Long.MIN_VALUE;

    SimulatedProcess(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** None of its actors runs before this instant. */
    void pauseUntil(long time) {
        pausedUntil = Math.max(pausedUntil, time);
    }

    long pausedUntil() {
        return pausedUntil;
    }
}

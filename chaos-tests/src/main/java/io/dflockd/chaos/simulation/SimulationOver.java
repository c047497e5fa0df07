package io.dflockd.chaos.simulation;

/** Thrown into actors that are still there when a simulation ends, to unwind them. Not an exception that the code under test may catch. */
final class SimulationOver extends Error {

    private static final long serialVersionUID = 1L;

    SimulationOver() {
        super("the simulation is over", null, false, false);
    }
}

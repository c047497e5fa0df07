package io.dflockd.client.internal;

/** Something a {@link RenewalLane} does at its time. It schedules itself again if it is to run again. */
abstract class LaneTask {

    /** Its place in the {@link TaskHeap}, or -1. Only the heap touches it. */
    int place = -1;

    /** When it is due on the runtime's clock. Only the lane touches it, under its lock. */
    long due;

    /** Decides between tasks that are due at the same time: first scheduled, first run. */
    long order;

    /** Does it, on a thread of the lane, under no lock. */
    abstract void run();

    /** The client was closed: the task will not run any more. */
    void clientClosed() {}

    /** Whether it may wait for longer than an answer takes, so that the lane goes on with another thread at once. */
    boolean waits() {
        return false;
    }
}

package io.dflockd.client.internal;

/** Something a {@link RenewalLane} does at its time. It schedules itself again if it is to run again. */
abstract class LaneTask {

    /** Its place in the {@link TaskHeap}, or -1. Only the heap touches it. */
    int place = -1;

    /** When it is due on the runtime's clock. Only the lane touches it, under its lock. */
    long due;

    /** Whether it has had its brief run and waits for a thread. Only the heap touches it. */
    boolean postponed;

    /** Decides between tasks that are due at the same time: first scheduled, first run. */
    long order;

    /** Does it, on a thread of the lane, under no lock. */
    abstract void run();

    /**
     * Does what can be done of it without waiting, and says when to {@link #run} it, because all threads that may wait are taken. What never waits is simply run.
     *
     * @return whether it is done; if not, the first thread that is free again runs it
     */
    boolean runBriefly() {
        run();
        return true;
    }

    /** {@link #run} threw something, which is a mistake in the client, or there is no memory: says whether to try again after a pause. */
    boolean runsAgain() {
        return false;
    }

    /** The client was closed: the task will not run any more. */
    void clientClosed() {}

    /** Whether it may wait for longer than an answer takes, so that the lane goes on with another thread at once. */
    boolean waits() {
        return false;
    }
}

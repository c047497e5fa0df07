package io.dflockd.chaos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One thread of the simulated world. All fields are touched only by whoever runs at the moment; the semaphore orders the hand-overs. */
final class Actor {

    final String name;
    final SimulatedProcess process;
    final List<Actor> joiners = new ArrayList<>();
    final CountDownLatch gone = new CountDownLatch(1);
    private final Semaphore turn = new Semaphore(0);
    volatile @Nullable Thread thread;
    int park;
    boolean parked;
    boolean woken;
    boolean done;

    Actor(String name, SimulatedProcess process) {
        this.name = name;
        this.process = process;
    }

    void giveTurn() {
        turn.release();
    }

    /** Real waiting, until another actor hands over. The watchdog sees to it that this ends. */
    void awaitTurn() {
        turn.acquireUninterruptibly();
    }

    @Override
    public String toString() {
        return process.name() + "/" + name;
    }
}

package io.dflockd.chaos.nemesis;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.workload.StopSignal;

/** Sleeps briefly again and again, and records when the JVM or the machine stood still meanwhile. */
public final class StallDetector implements Runnable {

    private static final long NAP = 10_000_000L;
    private static final long WORTH_TELLING = 100_000_000L;

    private final Recorder recorder;
    private final StopSignal stop;

    public StallDetector(Recorder recorder, StopSignal stop) {
        this.recorder = recorder;
        this.stop = stop;
    }

    @Override
    public void run() {
        try {
            long before = System.nanoTime();
            boolean over = false;
            while (!over) {
                over = stop.pause(NAP);
                long now = System.nanoTime();
                if (now - before > WORTH_TELLING) {
                    recorder.add(Draft.of(EventType.FAULT, "jvm").text("stall").value(now - before));
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.dflockd.chaos.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Ctrl-C: a run is told to end its work, and the JVM ends with the command's status once the command has said its last line. */
final class Interruption {

    private static final long LAST_LINE_SECONDS = 60;

    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int status;
    private @Nullable Thread hook;

    /** From now on a signal calls {@code stop}, and waits for {@link #over}. */
    void stopsWith(Runnable stop) {
        Thread thread = new Thread(() -> interrupted(stop), "chaos-shutdown");
        Runtime.getRuntime().addShutdownHook(thread);
        hook = thread;
    }

    private void interrupted(Runnable stop) {
        stop.run();
        try {
            if (over.await(LAST_LINE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last line is out. */
    void over(int exitStatus) {
        status = exitStatus;
        over.countDown();
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is shutting down: the hook ends it.
            }
        }
    }
}

package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.TimerQueue.Timer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long the peer of a session has been silent (PROTOCOL.md section 3): it has the whole read timeout for each line.
 *
 * <p>A timer that is armed already finds out by itself that a line has come since: no timer is armed and cancelled for each.
 */
final class ReadTimeout {

    private final EngineDriver driver;
    private final BooleanSupplier isListening;
    private final Runnable onSilence;
    private long lineStart;
    private @Nullable Timer timer;

    ReadTimeout(EngineDriver driver, BooleanSupplier isListening, Runnable onSilence) {
        this.driver = driver;
        this.isListening = isListening;
        this.onSilence = onSilence;
    }

    /** A line is complete: the time for the next one begins. */
    void lineCame() {
        lineStart = driver.now();
    }

    /** The time for the next line begins, after a time in which none was waited for. */
    void begin() {
        lineCame();
        if (timer == null) {
            schedule();
        }
    }

    /** Goes on after a time in which it may have run out unnoticed; else nothing changes. */
    void resume() {
        if (timer == null) {
            begin();
        }
    }

    private void schedule() {
        long deadline = deadline();
        if (deadline != Deadline.NEVER) {
            timer = driver.timers().schedule(deadline, this::check);
        }
    }

    private long deadline() {
        return driver.options()
                .readTimeout()
                .filter(timeout -> driver.backend().isServer())
                .map(timeout -> Deadline.after(lineStart, Deadline.nanos(timeout)))
                .orElse(Deadline.NEVER);
    }

    private void check(long now) {
        timer = null;
        if (!isListening.getAsBoolean()) {
            return;
        }
        if (now < deadline()) {
            schedule();
        } else {
            onSilence.run();
        }
    }

    void cancel() {
        if (timer != null) {
            driver.timers().cancel(timer);
            timer = null;
        }
    }
}

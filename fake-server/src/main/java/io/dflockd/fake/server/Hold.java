package io.dflockd.fake.server;

import io.dflockd.fake.engine.TimerQueue.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What keeps a session from going on for a while: a delay, or a stall until somebody ends it. */
final class Hold {

    private final EngineDriver driver;
    private final Session session;
    private Runnable onEnd = () -> {};
    private @Nullable Timer delay;

    Hold(EngineDriver driver, Session session) {
        this.driver = driver;
        this.session = session;
    }

    /** Does this later, unless the connection ends before, and then looks again at what its peer has done meanwhile. */
    void later(Duration after, Runnable action) {
        delay = driver.timers().schedule(driver.after(after), at -> resume(action));
    }

    /** Does this now if the connection has not ended, and then looks again at what its peer has done meanwhile. */
    void resume(Runnable action) {
        if (!session.isClosed()) {
            action.run();
            driver.ready(session);
        }
    }

    void cancelDelay() {
        if (delay != null) {
            driver.timers().cancel(delay);
        }
    }

    /** Does this when the connection ends. */
    void onEnd(Runnable action) {
        onEnd = action;
    }

    /** The connection has ended. */
    void end() {
        cancelDelay();
        onEnd.run();
    }
}

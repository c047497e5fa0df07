package io.dflockd.junit.container;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Waits until a server has printed where it listens. Testcontainers' own wait for a line goes on for a minute where the server has ended long ago, and does not tell what it said. */
final class ListeningWait extends AbstractWaitStrategy {

    /** The fake says {@code listening on HOST:PORT}, the others {@code msg=listening addr=HOST:PORT}. */
    private static final Pattern LISTENING = Pattern.compile("listening (on |addr=)");

    private static final long LOOK = Duration.ofMillis(50).toNanos();

    @Override
    protected void waitUntilReady() {
        long end = System.nanoTime() + startupTimeout.toNanos();
        while (true) {
            boolean running = waitStrategyTarget.isRunning(); // before it is read, or its last words may be missed
            String said = waitStrategyTarget.getLogs();
            if (LISTENING.matcher(said).find()) {
                return;
            }
            if (!running || end - System.nanoTime() < 0) {
                throw new ContainerLaunchException((running
                                ? "the server does not listen after " + startupTimeout.toSeconds() + " s"
                                : "the server has ended")
                        + (said.isBlank() ? " and said nothing" : " and said: " + said.strip()));
            }
            LockSupport.parkNanos(LOOK);
        }
    }
}

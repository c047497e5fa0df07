package io.dflockd.client.spi;

/** A thread that {@link ClientRuntime#startThread} started. */
@FunctionalInterface
public interface RunningThread {

    /**
     * Waits for the thread to end. Not ended by an interrupt: the flag is kept and the wait goes on.
     *
     * @param timeoutNanos the longest wait; zero or less only looks
     * @return whether the thread has ended
     */
    boolean join(long timeoutNanos);
}

package io.dflockd.client.internal;

/**
 * Sets the thread's interrupt flag aside and restores it on {@link #close}, for I/O that must be done all the same: an interrupted thread must not lose a lock
 * by releasing or checking it (DESIGN rule 6).
 */
final class InterruptShield implements AutoCloseable {

    private boolean interrupted = Thread.interrupted();

    /** Takes note of an interrupt that was caught in between. */
    void interrupted() {
        interrupted = true;
    }

    /** Sets aside one that came meanwhile, so that the next I/O is not ended by it. */
    void setAside() {
        interrupted |= Thread.interrupted();
    }

    @Override
    public void close() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

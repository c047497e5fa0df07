package io.dflockd.client.spi;

import java.io.IOException;

/**
 * Waits for something to happen on many idle connections at once. {@link Transport#watch} adds to it, from any thread; one thread has to {@link #await} again and
 * again for as long as it is not empty, because it does the work of those calls too.
 */
public interface IdleWatch {

    /**
     * Waits until something happens, and calls the listeners of connections that are not quiet.
     *
     * @param timeoutNanos the longest wait; positive
     * @throws IOException if it is of no use any more
     */
    void await(long timeoutNanos) throws IOException;

    /** Whether nothing is watched or is about to be. For the thread that awaits. */
    boolean isEmpty();

    /** Makes {@link #await} return, now or when it is called next; from any thread. */
    void wakeUp();

    /** Ends it, by the thread that awaited: no listener is called any more, and whatever is still watched can be used as before. Idempotent. */
    void close();
}

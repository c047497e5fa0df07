package io.dflockd.client;

import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;

/**
 * Is told what a client does, for metrics and the like: set with {@link DflockdClientBuilder#listener}. Every method does nothing unless it is overridden.
 *
 * <p>Called on the thread at hand, that of an acquire or of the background renewals, under no lock of the client. It must be quick: what it waits for, renewals wait
 * for too. What it throws is logged and has no other effect. Several threads call it at once. Whoever has to act on a loss uses {@link Lease#onLost}, whose
 * listeners may take their time.
 *
 * <p>For every {@link #acquired} there is, sooner or later, one {@link #released} or one {@link #lost}; where they come from different threads, they may come in
 * either order.
 */
public interface DflockdListener {

    /**
     * A slot was granted.
     *
     * @param waited since it was asked for; for a place in the queue, since it was awaited
     */
    default void acquired(String key, ServerAddress server, Duration waited) {}

    /** A slot was not granted within the time that was given, or the turn in the queue was lost. */
    default void notAcquired(String key, ServerAddress server, Duration waited) {}

    /** An acquire, enqueue or await failed. Not called when its thread was interrupted. */
    default void acquireFailed(String key, ServerAddress server, Duration waited, DflockdException failure) {}

    /**
     * A lease was renewed.
     *
     * @param took from the request to the answer
     */
    default void renewed(String key, ServerAddress server, Duration took) {}

    /**
     * A renewal was refused or got no answer. Whether that ends the lease is told by {@link #lost}.
     *
     * @param why the status that the server answered with, or what happened to the connection
     */
    default void renewalFailed(String key, ServerAddress server, String why) {}

    /**
     * The holder released a lease, or closed it; whether the server confirmed it or not.
     *
     * @param heldFor since the request that it is counted from
     */
    default void released(String key, ServerAddress server, Duration heldFor) {}

    /**
     * A lease was lost.
     *
     * @param heldFor since the request that it is counted from
     */
    default void lost(LeaseLost loss, ServerAddress server, Duration heldFor) {}

    /** A connection was made. */
    default void connectionOpened(ServerAddress server) {}

    /** A connection was closed, or was found dead. */
    default void connectionClosed(ServerAddress server) {}
}

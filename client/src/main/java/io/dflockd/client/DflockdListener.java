package io.dflockd.client;

import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;

/**
 * Is told what a client does, for metrics and the like: set with {@link DflockdClientBuilder#listener}. Every method does nothing unless it is overridden.
 *
 * <p>{@link #lost} and {@link #connectionClosed} are called on a thread of their own, for each server in the order in which it happened and one after the other: a
 * call that takes its time delays the later ones, but no renewal and no {@link Lease#onLost}. {@link DflockdClient#close} waits for them, no longer than the response timeout;
 * what happens after that is told on the thread at hand. Everything else is told on the thread at hand, that of the caller or of the background renewals: that must be
 * quick, for what it waits for, renewals wait for too.
 *
 * <p>No lock of the client is held meanwhile. What a listener throws is logged and has no other effect. Several threads call it at once. Whoever has to act on a loss uses
 * {@link Lease#onLost}.
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

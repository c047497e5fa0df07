package io.dflockd.client;

import org.jspecify.annotations.Nullable;

/**
 * What is run while a slot is held: the four forms that {@link DistributedLock#run(Action)} and {@link DistributedLock#call(Call)} take. Mostly written as a lambda.
 */
public final class Scoped {

    private Scoped() {}

    /**
     * Needs no result and not the lease.
     *
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Action<E extends Exception> {
        void run() throws E;
    }

    /**
     * Needs no result, but the lease, to look whether it is held, to renew it, or for its fencing token.
     *
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface LeaseAction<E extends Exception> {
        void run(Lease lease) throws E;
    }

    /**
     * Gives a result, and does not need the lease.
     *
     * @param <T> the result
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Call<T extends @Nullable Object, E extends Exception> {
        T call() throws E;
    }

    /**
     * Gives a result, and needs the lease.
     *
     * @param <T> the result
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface LeaseCall<T extends @Nullable Object, E extends Exception> {
        T call(Lease lease) throws E;
    }
}

package io.dflockd.client;

import io.dflockd.client.internal.LockOptions;
import io.dflockd.client.internal.Shards;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * A lock, or one slot of a semaphore, that can be acquired: a key and how to acquire it. Immutable, may be kept and shared; holds nothing itself.
 *
 * <p>Not reentrant: who holds a key and acquires it again waits for himself (PROTOCOL.md section 2).
 */
public final class DistributedLock {

    private final Shards shards;
    private final LockOptions options;

    DistributedLock(Shards shards, LockOptions options) {
        this.shards = shards;
        this.options = options;
    }

    public String key() {
        return options.key().text();
    }

    /**
     * With another lease; the server's default when this is never said.
     *
     * @param lease more than zero; rounded up to whole seconds
     */
    public DistributedLock withLease(Duration lease) {
        return new DistributedLock(shards, options.withLease(lease));
    }

    /** With another time that {@link #acquire} waits at most; zero or more. */
    public DistributedLock withAcquireTimeout(Duration timeout) {
        return new DistributedLock(shards, options.withAcquireTimeout(timeout));
    }

    /** With another part of the lease, between 0 and 1, after which it is renewed. A long lease is renewed more often anyway, to keep its connection. */
    public DistributedLock withRenewRatio(double ratio) {
        return new DistributedLock(shards, options.withRenewRatio(ratio));
    }

    /** Without renewal in the background: the lease ends when it is over, unless {@link Lease#renew} is called. */
    public DistributedLock withoutRenewal() {
        return new DistributedLock(shards, options.withoutRenewal());
    }

    /**
     * With a longest hold: after it the lease is lost with {@link LeaseLost.Reason#EXPIRED}, however well it was renewed, and the slot is freed. For work that must
     * not keep others waiting for ever when it hangs. No limit when this is never said.
     *
     * @param longest more than zero; counted as the lease is, from when the request was sent that granted the slot, or confirmed the grant if it came after a wait
     */
    public DistributedLock withMaxHold(Duration longest) {
        return new DistributedLock(shards, options.withMaxHold(longest));
    }

    /**
     * Acquires, and waits for it no longer than the acquire timeout (10 s unless said otherwise).
     *
     * @throws AcquireTimeoutException if it was not granted in time
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; nothing is held
     * @throws InterruptedException if the thread is interrupted; nothing is held
     */
    public Lease acquire() throws InterruptedException {
        return shards.acquireOrThrow(options);
    }

    /**
     * Acquires if it is granted within {@code timeout}.
     *
     * @param timeout how long to wait at most, connecting included; zero takes the slot only if it is free now
     * @return empty if it was not granted in time
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; nothing is held
     * @throws InterruptedException if the thread is interrupted; nothing is held
     */
    public Optional<Lease> tryAcquire(Duration timeout) throws InterruptedException {
        return shards.acquire(options, timeout);
    }

    /**
     * Takes a place in the queue, or the slot itself if it is free, without waiting for a turn.
     *
     * @throws RejectedException if the server refused
     * @throws ConnectionException if the server cannot be reached, or the connection broke; no place is held
     * @throws InterruptedException if the thread is interrupted; no place is held
     */
    public Enqueued enqueue() throws InterruptedException {
        return shards.enqueue(options);
    }

    /**
     * Acquires as {@link #acquire}, runs {@code body} and releases, whatever the body does.
     *
     * <p>That the lease was lost must not be overlooked by who never looks at it. So a normal return means that the server confirmed the lease after the body had
     * ended. If it was lost by then, or if the release finds the connection broken, so that nobody knows, {@link LeaseLostException} is thrown: what the body did has
     * been done, but somebody else may have held the slot meanwhile. What the body itself throws comes first: it is thrown as it is, and such a loss is attached to
     * it as {@linkplain Throwable#getSuppressed suppressed}. A body that releases the lease itself answers for what comes after.
     *
     * @throws AcquireTimeoutException if it was not granted in time; the body did not run
     * @throws RejectedException if the server refused; the body did not run
     * @throws ConnectionException if the server cannot be reached, or the connection broke before the grant; the body did not run
     * @throws InterruptedException if the thread is interrupted before the grant; the body did not run. An interrupt while it runs is the body's own
     * @throws LeaseLostException if the body ended normally, but the lease had been lost by then, or may have been
     * @throws E what the body throws
     */
    public <E extends Exception> void run(Scoped.Action<E> body) throws E, InterruptedException {
        Objects.requireNonNull(body, "body");
        run(lease -> body.run());
    }

    /** As {@link #run(Scoped.Action)}, for a body that wants to see the lease. */
    public <E extends Exception> void run(Scoped.LeaseAction<E> body) throws E, InterruptedException {
        Objects.requireNonNull(body, "body");
        shards.<Boolean, E>call(options, lease -> {
            body.run(lease);
            return true;
        });
    }

    /** As {@link #run(Scoped.Action)}, for a body with a result, which is returned. */
    public <T extends @Nullable Object, E extends Exception> T call(Scoped.Call<T, E> body)
            throws E, InterruptedException {
        Objects.requireNonNull(body, "body");
        return shards.call(options, lease -> body.call());
    }

    /** As {@link #run(Scoped.Action)}, for a body that wants to see the lease and has a result, which is returned. */
    public <T extends @Nullable Object, E extends Exception> T call(Scoped.LeaseCall<T, E> body)
            throws E, InterruptedException {
        return shards.call(options, Objects.requireNonNull(body, "body"));
    }

    /**
     * This lock, or one slot of this semaphore, as a {@link Lock} of the JDK, for code that needs one. Second choice: a {@link Lease} can be asked whether it is still
     * held, and tells when it is lost; with a {@code Lock}, the loss shows at {@link Lock#unlock} only.
     *
     * <p>Each call makes a new {@code Lock}, which knows nothing of the others: keep one for those who share it. It may be used by any number of threads. The lease that
     * a thread acquires belongs to that thread, until it unlocks; with a semaphore, as many threads as there are slots hold one at the same time.
     *
     * <ul>
     *   <li>Not reentrant: a thread that has it and asks again gets {@link IllegalStateException}, instead of waiting for itself. So does a thread whose lease was
     *       lost, until it unlocks.
     *   <li>{@code lock()} and {@code lockInterruptibly()} wait for ever: in tries of a minute, or of the acquire timeout if that is longer, after each of which they
     *       queue up again at the end. {@code lock()} is not ended by an interrupt, keeps the flag, and queues up again too.
     *   <li>{@code tryLock()} takes it only if it is free now; that takes a round trip, and is not ended by an interrupt.
     *   <li>All of them throw {@link ConnectionException} if the server cannot be reached, or the connection broke, and {@link RejectedException} if the server refused.
     *   <li>{@code unlock()} by a thread that does not have it is {@link IllegalMonitorStateException}. It throws {@link LeaseLostException} if the lease had been
     *       lost before, or may have been, as {@link #run(Scoped.Action)} does; the thread has unlocked then all the same.
     *   <li>{@code newCondition()} is not supported.
     *   <li>What a thread has locked is renewed until it unlocks or ends, also if nobody refers to the lock any more.
     * </ul>
     *
     * @throws IllegalStateException if the client is closed
     */
    public Lock asLock() {
        return shards.asLock(options);
    }

    @Override
    public String toString() {
        return options.limit() == 0
                ? "DistributedLock[" + key() + "]"
                : "DistributedLock[" + key() + ", limit " + options.limit() + "]";
    }
}

package io.dflockd.client;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One held slot of a key, from its grant to its end: the only thing that can renew or release it.
 *
 * <p>A lease ends by {@link #release}, by {@link #close} or by being lost, and then stays over: the client never acquires again behind the caller's back.
 * It belongs to whoever has the object, not to a thread; every thread may use it.
 *
 * <p>While {@link #isHeld} is true nobody else holds the slot, as long as the server keeps its promise, the connection has not just broken unnoticed, clocks run
 * at the same rate, and the process was not paused between the check and the use.
 */
public interface Lease extends AutoCloseable {

    /** The key, as it was asked for. */
    String key();

    /** The server's token of this grant, with which others can renew or release it; not for logs. */
    String token();

    /**
     * A number that grows with each grant of this key by this server, for a resource that refuses whoever comes with a smaller one than it has seen. Compare with
     * {@link Long#compareUnsigned}: it is the first half of {@link #token}, an unsigned number of 64 bits (PROTOCOL.md section 2).
     *
     * <p>It compares grants of one key by one server only. For a semaphore it orders the grants, but holders of several slots are right at the same time, so that
     * refusing the smaller number is wrong.
     *
     * @return empty unless the client was built with {@link DflockdClientBuilder#serversHaveFences}. Random tokens look the same as those with fences: if that was
     *     said of a server without them, this is a random number, and nothing can tell.
     */
    OptionalLong fencingToken();

    /** The lease in whole seconds: the one asked for (rounded up), or the server's default. */
    Duration ttl();

    /**
     * Time until the local deadline; zero once the lease is over.
     *
     * <p>Counted with a monotonic clock from when the acquire, or the last renewal that succeeded, was <em>sent</em>, so it is never longer than the server
     * keeps the slot, as long as its connection lives; once the server may have closed that because it heard nothing, the lease is lost before.
     */
    Duration remaining();

    /** Whether the slot is still ours as far as this client can know. Once false, false for ever. Never waits. */
    boolean isHeld();

    /**
     * Makes sure that the lease lasts {@code atLeast} longer; renews it if it does not. After a renewal it is counted from when that was sent: as much as its answer took
     * is gone, which {@link #remaining} tells.
     *
     * @param atLeast more than zero, at most {@link #ttl}
     * @throws IllegalArgumentException if {@code atLeast} is not, or longer than {@link DistributedLock#withMaxHold} leaves
     * @throws RejectedException if the server answers {@code ok} but grants less than that; what it grants is held
     * @throws DflockdException as {@link #renew}
     */
    void ensure(Duration atLeast);

    /**
     * Renews now, beside the renewals in the background.
     *
     * @throws LeaseLostException if the lease is over, was refused, or the connection broke
     * @throws RejectedException if the server answered with a status that does not say that the lease is over; it is held until {@link #remaining} is zero
     * @throws ConnectionException if another renewal has been waiting for its answer for too long
     */
    void renew();

    /**
     * Tells {@code listener} when this lease is lost: exactly once, and at once if it is lost already; never after a release.
     *
     * <p>The listener runs on a thread of its own kind, under no lock: it may block or throw without delaying any renewal. As long as it refers to this lease, the
     * lease does not count as forgotten, whoever else has it.
     */
    void onLost(Consumer<LeaseLost> listener);

    /**
     * As {@link #onLost(Consumer)}, but {@code listener} runs where {@code executor} has it run.
     *
     * <p>If the executor rejects it or throws, that is logged with the key, and the listener runs on a thread of the client instead: it is told exactly once all the
     * same. An executor that takes it and never runs it is not found out.
     */
    void onLost(Executor executor, Consumer<LeaseLost> listener);

    /**
     * Gives the slot back.
     *
     * @return true if the server confirmed it before the local deadline; false if the lease was over, so that others may have touched what it protected
     *     (also when it had been released before)
     * @throws ConnectionException if the answer did not come within the response timeout; the connection is then closed, which frees the slot too
     */
    boolean release();

    /** Releases if that has not been done. Waits no longer than the response timeout and throws nothing, so that it never hides an exception of the body. */
    @Override
    void close();
}

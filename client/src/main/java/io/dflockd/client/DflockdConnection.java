package io.dflockd.client;

import io.dflockd.client.internal.JdkRuntime;
import io.dflockd.client.internal.SingleConnection;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;

/**
 * The low level: one connection, one exchange at a time, no renewal, no retry, and every answer of the server as it is.
 *
 * <p>For tools and tests; applications want {@link DflockdClient}. Times are whole seconds as on the wire and go out as they are, however senseless. The
 * caller has to send something at least every 23 seconds, or the server closes the connection and frees what it holds (PROTOCOL.md section 3).
 *
 * <p>After any exchange that was not finished (an answer that came too late or was no answer, an interrupt) the connection is closed and every
 * further use throws {@link ConnectionException}. All methods but {@link #close} wait for each other.
 *
 * <p>Methods that may wait for long throw {@link InterruptedException}; the others set an interrupt aside and restore it.
 */
public final class DflockdConnection implements AutoCloseable {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private final SingleConnection wire;

    private DflockdConnection(SingleConnection wire) {
        this.wire = wire;
    }

    /**
     * Connects with time limits of five seconds, for the connection and for each answer beyond what the request itself asks to wait.
     *
     * @param server {@code host:port}
     * @throws ConnectionException if nobody answers there
     */
    public static DflockdConnection connect(String server) throws InterruptedException {
        return open(new JdkRuntime(), ServerAddress.parse(server), DEFAULT_TIMEOUT, DEFAULT_TIMEOUT);
    }

    /**
     * Connects.
     *
     * @param connectTimeout how long connecting may take; positive
     * @param responseTimeout how long an answer may take, beyond the seconds that the request asks to wait; positive
     * @throws ConnectionException if nobody answers there
     */
    public static DflockdConnection open(
            ClientRuntime runtime, ServerAddress server, Duration connectTimeout, Duration responseTimeout)
            throws InterruptedException {
        return new DflockdConnection(SingleConnection.open(runtime, server, connectTimeout, responseTimeout));
    }

    /** {@code l}: {@link Reply.Granted}, {@link Reply.TimedOut} or {@link Reply.Refused}; the server's default lease. */
    public Reply acquire(String key, long timeoutSeconds) throws InterruptedException {
        return wire.acquire(key, timeoutSeconds);
    }

    /** {@code l}: {@link Reply.Granted}, {@link Reply.TimedOut} or {@link Reply.Refused}. */
    public Reply acquire(String key, long timeoutSeconds, long leaseSeconds) throws InterruptedException {
        return wire.acquire(key, timeoutSeconds, leaseSeconds);
    }

    /** {@code sl}: as {@link #acquire(String, long)}, for a semaphore. */
    public Reply acquireSlot(String key, long timeoutSeconds, long limit) throws InterruptedException {
        return wire.acquireSlot(key, timeoutSeconds, limit);
    }

    /** {@code sl}: as {@link #acquire(String, long, long)}, for a semaphore. */
    public Reply acquireSlot(String key, long timeoutSeconds, long limit, long leaseSeconds)
            throws InterruptedException {
        return wire.acquireSlot(key, timeoutSeconds, limit, leaseSeconds);
    }

    /** {@code e}: {@link Reply.Acquired}, {@link Reply.Queued} or {@link Reply.Refused}; the server's default lease. */
    public Reply enqueue(String key) {
        return wire.enqueue(key);
    }

    /** {@code e}: {@link Reply.Acquired}, {@link Reply.Queued} or {@link Reply.Refused}. */
    public Reply enqueue(String key, long leaseSeconds) {
        return wire.enqueue(key, leaseSeconds);
    }

    /** {@code se}: as {@link #enqueue(String)}, for a semaphore. */
    public Reply enqueueSlot(String key, long limit) {
        return wire.enqueueSlot(key, limit);
    }

    /** {@code se}: as {@link #enqueue(String, long)}, for a semaphore. */
    public Reply enqueueSlot(String key, long limit, long leaseSeconds) {
        return wire.enqueueSlot(key, limit, leaseSeconds);
    }

    /** {@code w}: {@link Reply.Granted}, {@link Reply.TimedOut} or {@link Reply.Refused}. */
    public Reply await(String key, long timeoutSeconds) throws InterruptedException {
        return wire.await(false, key, timeoutSeconds);
    }

    /** {@code sw}: as {@link #await}, for a semaphore. */
    public Reply awaitSlot(String key, long timeoutSeconds) throws InterruptedException {
        return wire.await(true, key, timeoutSeconds);
    }

    /** {@code n} without a lease: {@link Reply.Renewed} or {@link Reply.Refused}; the lease becomes the server's default, even if it was longer. */
    public Reply renew(String key, String token) {
        return wire.renew(false, key, token);
    }

    /** {@code n}: {@link Reply.Renewed} or {@link Reply.Refused}. */
    public Reply renew(String key, String token, long leaseSeconds) {
        return wire.renew(false, key, token, leaseSeconds);
    }

    /** {@code sn}: as {@link #renew(String, String)}, for a semaphore. */
    public Reply renewSlot(String key, String token) {
        return wire.renew(true, key, token);
    }

    /** {@code sn}: as {@link #renew(String, String, long)}, for a semaphore. */
    public Reply renewSlot(String key, String token, long leaseSeconds) {
        return wire.renew(true, key, token, leaseSeconds);
    }

    /** {@code r}: {@link Reply.Released} or {@link Reply.Refused}. */
    public Reply release(String key, String token) {
        return wire.release(false, key, token);
    }

    /** {@code sr}: as {@link #release}, for a semaphore. */
    public Reply releaseSlot(String key, String token) {
        return wire.release(true, key, token);
    }

    /**
     * {@code auth}, which has to be the first request where the server has a secret: {@link Reply.Authenticated}, or {@link Reply.Refused}, after which a server
     * that has a secret closes the connection.
     *
     * @throws IllegalArgumentException if the secret is empty or has a line break
     */
    public Reply authenticate(String secret) {
        return wire.authenticate(secret);
    }

    /**
     * {@code stats}: one JSON object (PROTOCOL.md section 5).
     *
     * @throws RejectedException if the server does not know the command
     */
    public String stats() {
        return wire.stats();
    }

    /**
     * {@code ping}: {@link Reply.Pong}, or {@link Reply.Refused} from servers before 1.14, which do not know the command: {@code error} proves as well that the server
     * answers.
     *
     * <p>Not on a connection that holds or waits for anything, unless the server is known to be newer: V0 closes the connection after a command it does not know, which
     * frees everything.
     */
    public Reply ping() {
        return wire.ping();
    }

    /** Whether the connection can be used again: open, with nothing unread. */
    public boolean isUsable() {
        return wire.isUsable();
    }

    public ServerAddress server() {
        return wire.server();
    }

    /** Closes the connection; the server frees what it holds. Never waits; wakes a thread that waits for an answer. */
    @Override
    public void close() {
        wire.close();
    }
}

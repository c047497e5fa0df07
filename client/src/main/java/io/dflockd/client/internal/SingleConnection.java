package io.dflockd.client.internal;

import static io.dflockd.client.internal.RequestWriter.DEFAULT_LEASE;

import io.dflockd.client.Reply;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;

/** What is behind a {@link io.dflockd.client.DflockdConnection}: requests from plain values, answers or exceptions. */
public final class SingleConnection {

    private final ClientRuntime runtime;
    private final Connection connection;
    private final long responseTimeout;

    private SingleConnection(ClientRuntime runtime, Connection connection, long responseTimeout) {
        this.runtime = runtime;
        this.connection = connection;
        this.responseTimeout = responseTimeout;
    }

    public static SingleConnection open(
            ClientRuntime runtime, ServerAddress server, Duration connectTimeout, Duration responseTimeout)
            throws InterruptedException {
        long connectNanos = WireTime.nanos(WireTime.requirePositive(connectTimeout, "the connect timeout"));
        long responseNanos = WireTime.nanos(WireTime.requirePositive(responseTimeout, "the response timeout"));
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before connecting to " + server);
        }
        Attempt attempt = new Attempt("connect", WireKey.NONE, server, runtime.nanoTime());
        try {
            Connection connection = Connection.open(runtime, server, connectNanos, opened -> {}, closed -> {});
            return new SingleConnection(runtime, connection, responseNanos);
        } catch (ClosedByInterruptException e) {
            throw attempt.interrupted();
        } catch (IOException e) {
            throw attempt.broke(e, runtime.nanoTime());
        }
    }

    public Reply acquire(String key, long timeoutSeconds) throws InterruptedException {
        return acquire(key, timeoutSeconds, DEFAULT_LEASE);
    }

    public Reply acquire(String key, long timeoutSeconds, long leaseSeconds) throws InterruptedException {
        return waiting(RequestWriter.LOCK.acquire(WireKey.of(key), timeoutSeconds, 1, leaseSeconds));
    }

    public Reply acquireSlot(String key, long timeoutSeconds, long limit) throws InterruptedException {
        return acquireSlot(key, timeoutSeconds, limit, DEFAULT_LEASE);
    }

    public Reply acquireSlot(String key, long timeoutSeconds, long limit, long leaseSeconds)
            throws InterruptedException {
        return waiting(RequestWriter.SEMAPHORE.acquire(WireKey.of(key), timeoutSeconds, limit, leaseSeconds));
    }

    public Reply enqueue(String key) {
        return enqueue(key, DEFAULT_LEASE);
    }

    public Reply enqueue(String key, long leaseSeconds) {
        return prompt(RequestWriter.LOCK.enqueue(WireKey.of(key), 1, leaseSeconds));
    }

    public Reply enqueueSlot(String key, long limit) {
        return enqueueSlot(key, limit, DEFAULT_LEASE);
    }

    public Reply enqueueSlot(String key, long limit, long leaseSeconds) {
        return prompt(RequestWriter.SEMAPHORE.enqueue(WireKey.of(key), limit, leaseSeconds));
    }

    public Reply await(boolean semaphore, String key, long timeoutSeconds) throws InterruptedException {
        return waiting(writer(semaphore).await(WireKey.of(key), timeoutSeconds));
    }

    public Reply renew(boolean semaphore, String key, String token) {
        return renew(semaphore, key, token, DEFAULT_LEASE);
    }

    public Reply renew(boolean semaphore, String key, String token, long leaseSeconds) {
        return prompt(writer(semaphore).renew(WireKey.of(key), token, leaseSeconds));
    }

    public Reply release(boolean semaphore, String key, String token) {
        return prompt(writer(semaphore).release(WireKey.of(key), token));
    }

    public Reply authenticate(String secret) {
        return prompt(RequestWriter.auth(secret));
    }

    public String stats() {
        Request request = RequestWriter.stats();
        Reply reply = prompt(request);
        if (reply instanceof Reply.Stats stats) {
            return stats.json();
        }
        throw attempt(request).rejected((Reply.Refused) reply, runtime.nanoTime());
    }

    public Reply ping() {
        return prompt(RequestWriter.ping());
    }

    public boolean isUsable() {
        if (!connection.turn().tryLock()) {
            return !connection.isClosed(); // in the middle of an exchange
        }
        try {
            return connection.isFit();
        } finally {
            connection.turn().unlock();
        }
    }

    public ServerAddress server() {
        return connection.server();
    }

    public void close() {
        connection.close();
    }

    private static RequestWriter writer(boolean semaphore) {
        return semaphore ? RequestWriter.SEMAPHORE : RequestWriter.LOCK;
    }

    private Reply waiting(Request request) throws InterruptedException {
        Attempt attempt = attempt(request);
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before " + request);
        }
        connection.turn().lockInterruptibly();
        try {
            return exchange(request);
        } catch (ClosedByInterruptException e) {
            throw attempt.interrupted();
        } catch (IOException e) {
            throw attempt.broke(e, runtime.nanoTime());
        } finally {
            connection.turn().unlock();
        }
    }

    private Reply prompt(Request request) {
        Attempt attempt = attempt(request);
        try (InterruptShield shield = new InterruptShield()) {
            connection.turn().lock();
            try {
                return exchange(request);
            } catch (ClosedByInterruptException e) {
                shield.interrupted();
                throw attempt.broke(e, runtime.nanoTime());
            } catch (IOException e) {
                throw attempt.broke(e, runtime.nanoTime());
            } finally {
                connection.turn().unlock();
            }
        }
    }

    private Reply exchange(Request request) throws IOException {
        long allowed = Math.min(WireTime.MAX_NANOS, WireTime.nanosOfSeconds(request.waitSeconds()) + responseTimeout);
        return connection.exchange(request, runtime.nanoTime() + allowed);
    }

    private Attempt attempt(Request request) {
        return new Attempt(request.command().phase(), request.key(), server(), runtime.nanoTime());
    }
}

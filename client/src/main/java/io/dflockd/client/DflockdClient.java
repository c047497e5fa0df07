package io.dflockd.client;

import io.dflockd.client.internal.LockOptions;
import io.dflockd.client.internal.Shards;
import io.dflockd.client.internal.WireKey;
import java.util.List;

/**
 * A client of one dflockd server, or of several that share the keys.
 *
 * <p>Connections are made when they are needed and kept for a while. Threads are started when there is something to renew or to tell; they are daemons. One
 * client is enough for a process; all its methods may be called by any thread.
 */
public final class DflockdClient implements AutoCloseable {

    private final Shards shards;
    private final LockOptions defaults;

    DflockdClient(Shards shards, LockOptions defaults) {
        this.shards = shards;
        this.defaults = defaults;
    }

    /**
     * A client with default settings. Does not connect yet.
     *
     * @param servers one or more of {@code host:port}; every client must name the same in the same order
     * @throws IllegalArgumentException if there is none, or one cannot be read
     */
    public static DflockdClient connect(String... servers) {
        return builder().servers(servers).build();
    }

    public static DflockdClientBuilder builder() {
        return new DflockdClientBuilder();
    }

    /**
     * The lock with this key.
     *
     * @param key not empty, no white space, at most 256 bytes in UTF-8
     */
    public DistributedLock lock(String key) {
        return new DistributedLock(shards, defaults.withKey(WireKey.of(key), 0));
    }

    /**
     * The semaphore with this key.
     *
     * @param key as for {@link #lock}
     * @param limit how many may hold a slot at once; at least 1, and the same for all who use the key
     */
    public DistributedLock semaphore(String key, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException(
                    "the limit of semaphore '" + key + "' must be at least 1, but is " + limit);
        }
        return new DistributedLock(shards, defaults.withKey(WireKey.of(key), limit));
    }

    /**
     * Asks every server, one after the other, for a sign of life, on connections that hold nothing. Returns if all of them answer.
     *
     * <p>Servers from 1.14 on know {@code ping}. Older ones answer {@code error} to it, as to any command that they do not know, which proves as much: the server
     * reads, and answers, and takes the secret if there is one (PROTOCOL.md section 1).
     *
     * @throws ConnectionException if a server cannot be reached, or does not answer within the response timeout
     * @throws AuthenticationException if a server wants a secret, or another one
     * @throws RejectedException if a server answers with another status, as {@code error_draining} of one that is about to end
     * @throws InterruptedException if the thread is interrupted. What other servers said is {@linkplain Throwable#getSuppressed suppressed} by the first failure
     */
    public void ping() throws InterruptedException {
        shards.ping();
    }

    /**
     * Asks every server, one after the other, for its counters, on connections that hold nothing.
     *
     * @return one for each server, in the order of the servers
     * @throws RejectedException if a server refuses; with {@code error} if it is older than 1.4 and does not know {@code stats}
     * @throws ProtocolException if an answer is no JSON, or not that of {@code stats}
     * @throws ConnectionException if a server cannot be reached, or does not answer within the response timeout
     * @throws AuthenticationException if a server wants a secret, or another one
     * @throws InterruptedException if the thread is interrupted. What went wrong at further servers is {@linkplain Throwable#getSuppressed suppressed} by the first
     *     failure
     */
    public List<ServerStats> stats() throws InterruptedException {
        return shards.stats();
    }

    /**
     * Closes all connections, which frees everything that is held; leases that are held are lost, with
     * {@link LeaseLost.Reason#CLIENT_CLOSED}; who waits gets a {@link ConnectionException}. Waits for the client's threads, no longer than the response timeout.
     * Idempotent.
     */
    @Override
    public void close() {
        shards.close();
    }
}

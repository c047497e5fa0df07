package io.dflockd.client;

import io.dflockd.client.internal.ClientOptions;
import io.dflockd.client.internal.JdkRuntime;
import io.dflockd.client.internal.LockOptions;
import io.dflockd.client.internal.Shards;
import io.dflockd.client.internal.WireKey;
import io.dflockd.client.internal.WireTime;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/** The settings of a {@link DflockdClient}; checked when they are set. Not for use by several threads. */
public final class DflockdClientBuilder {

    /** Of the server's read timeout, so much may pass in silence: 10 of the usual 23 seconds (PROTOCOL.md section 3). */
    private static final double SAFE_SILENCE = 10.0 / 23.0;

    private List<ServerAddress> servers = List.of(new ServerAddress("127.0.0.1", ServerAddress.DEFAULT_PORT));
    private ClientRuntime runtime = new JdkRuntime();
    private LockOptions defaults = new LockOptions(
            WireKey.of("-"), 0, LockOptions.DEFAULT_LEASE, Duration.ofSeconds(10), 0.5, true, WireTime.MAX_NANOS);
    private Optional<Supplier<String>> secret = Optional.empty();
    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration responseTimeout = Duration.ofSeconds(5);
    private Duration serverReadTimeout = Duration.ofSeconds(23);
    private boolean serverAutoRelease = true;
    private Optional<DflockdListener> listener = Optional.empty();
    private ShardingStrategy sharding = ShardingStrategy.CRC_32;
    private boolean fences;

    DflockdClientBuilder() {}

    /**
     * Where the servers are; {@code 127.0.0.1:6388} when this is not said.
     *
     * @param addresses one or more of {@code host}, {@code host:port}, {@code [ipv6]:port}
     */
    public DflockdClientBuilder servers(String... addresses) {
        return servers(Arrays.stream(addresses).map(ServerAddress::parse).toList());
    }

    /** Where the servers are; at least one. Their order decides which key goes where. */
    public DflockdClientBuilder servers(List<ServerAddress> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("a client needs at least one server");
        }
        this.servers = List.copyOf(addresses);
        return this;
    }

    /** The world as the JDK has it, which clients live in unless said otherwise: for whoever wants to wrap it. */
    public static ClientRuntime systemRuntime() {
        return new JdkRuntime();
    }

    /** {@link #systemRuntime()} with TLS on every connection; the host name of the server is checked against its certificate. */
    public static ClientRuntime systemRuntime(SSLContext trust) {
        return new JdkRuntime(trust);
    }

    /**
     * TLS on every connection; short for {@code runtime(systemRuntime(trust))}.
     *
     * @param trust whom to trust, and the client's own certificate where the servers want one; {@link SSLContext#getDefault} trusts whom the JDK trusts
     */
    public DflockdClientBuilder tls(SSLContext trust) {
        return runtime(systemRuntime(trust));
    }

    /**
     * The secret of servers that were started with one ({@code --auth-token}); none, unless said otherwise. It is sent first on every new connection, and appears
     * in no log, exception or {@code toString}.
     *
     * @param source asked for each new connection, so that the secret can be rotated; by several threads at once. One line of at most 65,536 bytes in UTF-8 (V1: 256).
     *     If it is not, or this throws or returns null, that connection is closed, and who wanted it gets a {@link ConnectionException} with the supplier's exception
     *     as a cause; what happens in the background is tried again, and asks again
     */
    public DflockdClientBuilder secret(Supplier<String> source) {
        this.secret = Optional.of(Objects.requireNonNull(source, "secret"));
        return this;
    }

    /** Where time, threads, locks and connections come from: {@link #systemRuntime}, unless said otherwise. */
    public DflockdClientBuilder runtime(ClientRuntime newRuntime) {
        this.runtime = Objects.requireNonNull(newRuntime, "runtime");
        return this;
    }

    /** The lease of locks that do not say their own; the server's default (33 s) when this is not said. Rounded up to whole seconds. */
    public DflockdClientBuilder defaultLease(Duration lease) {
        defaults = defaults.withLease(lease);
        return this;
    }

    /** How long {@link DistributedLock#acquire} waits at most: 10 s, unless said otherwise. */
    public DflockdClientBuilder acquireTimeout(Duration timeout) {
        defaults = defaults.withAcquireTimeout(timeout);
        return this;
    }

    /** The part of the lease, between 0 and 1, after which it is renewed: 0.5, unless said otherwise. */
    public DflockdClientBuilder renewRatio(double ratio) {
        defaults = defaults.withRenewRatio(ratio);
        return this;
    }

    /** How long connecting may take: 5 s, unless said otherwise. */
    public DflockdClientBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = WireTime.requirePositive(timeout, "the connect timeout");
        return this;
    }

    /** How long an answer may take that the server does not have to wait for: 5 s, unless said otherwise. Later, the connection counts as lost. */
    public DflockdClientBuilder responseTimeout(Duration timeout) {
        this.responseTimeout = WireTime.requirePositive(timeout, "the response timeout");
        return this;
    }

    /**
     * After how long the servers close a silent connection ({@code --read-timeout}): 23 s, unless said otherwise. Renewals come often enough to prevent that; a lease
     * whose server has answered nothing for so long, counted from the last request that it did answer, counts as lost, since its slot may be free.
     */
    public DflockdClientBuilder serverReadTimeout(Duration timeout) {
        this.serverReadTimeout = WireTime.requirePositive(timeout, "the server's read timeout");
        return this;
    }

    /**
     * Whether the servers free what was granted on a connection when that connection ends ({@code --auto-release-on-disconnect}, which is their default): true, unless
     * said otherwise. Must be what the servers were started with.
     *
     * <p>With false a lost connection is not a lost lease: the lease goes on until its local deadline, and is renewed and released over another connection. The price: only
     * a release or the end of the lease frees a slot. These leave a slot taken until the lease ends that they were granted or would have been granted, as nobody knows its
     * token:
     *
     * <ul>
     *   <li>an acquire, enqueue or await that was interrupted, or whose connection broke before the answer: its request, and on V1 servers its place in the queue, stays;
     *   <li>a place in the queue whose connection broke or that was closed unfetched: if its turn had come, on all servers; if not, on V1 servers;
     *   <li>an acquire that timed out shortly before the server's own timeout, if the answer does not come soon, or many time out like this at once;
     *   <li>a client that was closed, or a process that ended, before its leases were released.
     * </ul>
     */
    public DflockdClientBuilder serverAutoRelease(boolean released) {
        this.serverAutoRelease = released;
        return this;
    }

    /** Who is told what the client does: nobody, unless said otherwise. The last one that was set counts. */
    public DflockdClientBuilder listener(DflockdListener newListener) {
        this.listener = Optional.of(newListener);
        return this;
    }

    /** Which key goes to which of several servers: {@link ShardingStrategy#CRC_32}, unless said otherwise. It must be the same for all clients of these servers. */
    public DflockdClientBuilder sharding(ShardingStrategy strategy) {
        this.sharding = Objects.requireNonNull(strategy, "sharding strategy");
        return this;
    }

    /**
     * Says that all servers have fences, as 2.1 and newer do: their tokens begin with a number that grows with each grant, which {@link Lease#fencingToken} then
     * tells. Nothing on the wire says it, so that it has to be said here (PROTOCOL.md section 2); said of servers that have none, it makes random numbers look like
     * fencing tokens.
     */
    public DflockdClientBuilder serversHaveFences() {
        this.fences = true;
        return this;
    }

    /** The client; does not connect yet. */
    public DflockdClient build() {
        ClientOptions options = new ClientOptions(
                servers,
                runtime,
                secret,
                WireTime.nanos(connectTimeout),
                WireTime.nanos(responseTimeout),
                WireTime.nanos(serverReadTimeout),
                Math.max(1, (long) (WireTime.nanos(serverReadTimeout) * SAFE_SILENCE)),
                serverAutoRelease,
                listener,
                sharding,
                fences);
        return new DflockdClient(new Shards(options), defaults);
    }
}

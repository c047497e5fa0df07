package io.dflockd.fake;

import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.FaultRules;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.journal.Journal;
import io.dflockd.fake.journal.ServerState;
import io.dflockd.fake.journal.Verification;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.ManualTime;
import io.dflockd.fake.server.SocketLoop;
import io.dflockd.fake.server.TimeSource;
import io.dflockd.fake.server.TlsPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;

/**
 * A whole dflockd lock server in memory, on a real port, for tests.
 *
 * <p>It listens from {@link #start} to {@link #close}; what would do anything to it afterwards throws {@link IllegalStateException}. All methods may be called from
 * any thread.
 */
public final class FakeDflockdServer implements AutoCloseable {

    private final FakeOptions options;
    private final EngineDriver driver;
    private final ServerClock clock;
    private final SocketLoop loop;
    private final ServerLimits limits;
    private final InetSocketAddress address;

    private FakeDflockdServer(FakeOptions options, TimeSource time, EngineDriver driver) throws IOException {
        this.options = options;
        this.driver = driver;
        loop = SocketLoop.start(
                driver, time, new InetSocketAddress(options.host(), options.port()), TlsPort.of(options, driver));
        clock = new ServerClock(driver, loop);
        limits = new ServerLimits(driver, loop);
        address = loop.address();
    }

    /** Starts a server with the real server's defaults on a free port of the loopback interface. */
    public static FakeDflockdServer start() {
        return start(FakeOptions.defaults());
    }

    /**
     * Starts a server.
     *
     * @throws IllegalArgumentException if the options do not fit together, or the fence state file does not hold one number
     * @throws UncheckedIOException if it cannot listen where the options say, or the fence state file cannot be read
     */
    public static FakeDflockdServer start(FakeOptions options) {
        TimeSource time = options.isManualClock() ? new ManualTime() : TimeSource.SYSTEM;
        return listening(options, time, new EngineDriver(options, time));
    }

    /** Starts a proxy in front of a server, on a free port of the loopback interface; see {@link #proxying(String, FakeOptions)}. */
    public static FakeDflockdServer proxying(String server) {
        return proxying(server, FakeOptions.defaults());
    }

    /**
     * Starts a proxy in front of a server: the same faults, but for those that change a server's state, on the way to any dflockd.
     *
     * <p>For each connection of a client there is one to the server. Bytes go on unchanged; errors, time-outs, limits, secrets and the end of a connection are
     * the server's. Of a request that may wait, a proxy knows that it is queued only by the time: {@code WHILE_QUEUED} comes when there is no reply after 50 ms.
     * If the server cannot be reached, the client's connection is reset.
     *
     * <p>What changes a server's state or clock throws {@link UnsupportedOperationException} here.
     *
     * @param server where it is: {@code host:port}, IPv6 in brackets; a name is looked up once, now
     * @param options where to listen, TLS for the clients, the seed and who is told of faults; whatever else they say is the business of the server behind
     * @throws IllegalArgumentException if there is no such address, it is where the proxy listens itself, or the options want a manual clock
     * @throws UncheckedIOException if it cannot listen where the options say
     */
    public static FakeDflockdServer proxying(String server, FakeOptions options) {
        if (options.isManualClock()) {
            throw new IllegalArgumentException(
                    "a proxy has no manual clock, as the server behind " + server + " goes by its own; leave it out");
        }
        InetSocketAddress behind = ServerAddress.parse(server);
        EngineDriver driver = EngineDriver.proxy(options, TimeSource.SYSTEM, behind);
        FakeDflockdServer proxy = listening(options, TimeSource.SYSTEM, driver);
        if (ServerAddress.isReached(proxy.address, behind)) {
            proxy.close();
            throw new IllegalArgumentException("a proxy on port " + behind.getPort()
                    + " would be in front of itself at " + server + "; choose another port for one of them");
        }
        return proxy;
    }

    private static FakeDflockdServer listening(FakeOptions options, TimeSource time, EngineDriver driver) {
        try {
            return new FakeDflockdServer(options, time, driver);
        } catch (UnresolvedAddressException unknown) {
            throw ServerAddress.refused(options, new UnknownHostException("unknown host"));
        } catch (IOException e) {
            throw ServerAddress.refused(options, e);
        }
    }

    /** The host that it listens on, as the options name it. */
    public String host() {
        return options.host();
    }

    /** The port that it listens on. */
    public int port() {
        return address.getPort();
    }

    /** Where clients connect to: {@code host:port}, IPv6 in brackets. */
    public String address() {
        return ServerAddress.text(host(), port());
    }

    /**
     * For clients: an SSLContext that trusts this server, and those started with the same options, and nobody else. The certificate is for {@code localhost},
     * 127.0.0.1 and ::1.
     *
     * @throws IllegalStateException if the server speaks plain text ({@link FakeOptions#withTls()}), or shows a certificate that it was given
     */
    public SSLContext clientSslContext() {
        return options.tls()
                .orElseThrow(() -> new IllegalStateException("this server speaks plain text; start it with withTls()"))
                .client();
    }

    /** What it was started with. */
    public FakeOptions options() {
        return options;
    }

    /** The seed of everything random here: give it to {@link FakeOptions#withSeed} to have the same again. */
    public long seed() {
        return driver.seed();
    }

    /** The server's clock. */
    public ServerClock clock() {
        return clock;
    }

    /** Begins a fault: {@code on(trigger).at(phase).then(effect)}. Only {@code then} arms it. */
    public FaultRules.OnTrigger on(Trigger trigger) {
        loop.requireOpen();
        return driver.faults().on(trigger);
    }

    /** Faults that have not struck since they were armed; see {@link FaultRules#unused}. */
    public List<FaultHandle> unusedFaults() {
        return driver.faults().unused();
    }

    /** What has struck since the start or the last reset, oldest first; of very many, the last 10,000. */
    public List<FaultEvent> faultLog() {
        return driver.faults().log();
    }

    /**
     * Arms what struck in another run, each for the same request of the same connection: clients that do the same see the same again.
     *
     * @param log what {@link #faultLog} told
     * @return the faults, in the order of the log
     */
    public List<FaultHandle> replayFaults(List<FaultEvent> log) {
        loop.requireOpen();
        return driver.faults().replay(log);
    }

    /** The requests that came since the start or the last reset, and what became of them. */
    public Journal journal() {
        return driver.records().journal();
    }

    /**
     * Assertions about what has happened on the server since its start or last reset.
     *
     * @throws UnsupportedOperationException if it is a proxy, which does not know
     */
    public Verification verify() {
        driver.tampering().requireServer();
        return driver.records().verify();
    }

    /**
     * Who holds, who waits and who is connected now.
     *
     * @throws UnsupportedOperationException if it is a proxy, which does not know
     */
    public ServerState state() {
        driver.tampering().requireServer();
        return driver.records().state();
    }

    /**
     * Ends all leases of the key now, as if their time were over, and hands the key on. Nothing happens if nobody holds it. This and the two below throw {@link
     * IllegalArgumentException} if no client can name such a key.
     */
    public void expireLease(String key) {
        loop.outside(() -> driver.tampering().expire(driver.tampering().key(key)));
    }

    /** The leases of the key that last longer end this long from now, which must not be negative, whatever their holders were told. */
    public void shortenLease(String key, Duration left) {
        ServerClock.checkNotNegative(left);
        loop.outside(() -> driver.tampering().shorten(driver.tampering().key(key), left));
    }

    /**
     * Gives the key to a scripted holder, past all who hold or wait, for the server's default lease. Those who held it are not told: their next renew or release
     * is refused.
     *
     * @return the scripted holder's token, which renews and releases as any other
     */
    public String steal(String key) {
        AtomicReference<String> token = new AtomicReference<>("");
        loop.outside(() -> token.set(driver.tampering().steal(driver.tampering().key(key))));
        return Objects.requireNonNull(token.get());
    }

    /** Limits and settings that may change while it runs. */
    public ServerLimits limits() {
        return limits;
    }

    /** A new client inside the server, for a holder or waiter in other clients' way. */
    public ScriptedClient scriptedClient() {
        return new ScriptedClient(driver, loop);
    }

    /** Closes a connection: 1 is the first that was accepted since the start or the last reset. Nothing happens if it is over. */
    public void kick(long connection) {
        loop.outside(() -> driver.tampering().kick(connection));
    }

    /**
     * Cuts the network to these connections, or to all, present and future, if none is named: no byte and no end gets through in either direction, and neither
     * side is told. Leases run out meanwhile.
     */
    public void partition(long... connections) {
        loop.outside(() -> driver.tampering().partition(true, connections));
    }

    /** Mends what {@link #partition} cut, for these connections or all: what was under way arrives. */
    public void heal(long... connections) {
        loop.outside(() -> driver.tampering().partition(false, connections));
    }

    /**
     * Restarts the server on the same port, as after a crash: every connection ends, and a new process serves.
     *
     * <p>It listens, whatever {@link #drain}, {@link #refuseConnections} and {@link #blackholeConnections} have closed; it is not draining, does not stand still
     * ({@link ServerClock#freeze}), and its {@link #limits}, secret and times are those of the {@link #options}. What is not the process's stays: faults are armed, a {@link
     * #partition} is not healed, and the clock goes on, with the jumps that it made.
     */
    public void restart(Restart how) {
        loop.outside(() -> driver.tampering().restart(how));
    }

    /**
     * Closes the port to newcomers until {@link #acceptConnections} or a restart. Connections that there are live on.
     *
     * <p>Clients see "connection refused" at once, as when no server runs; those that had connected but were not accepted yet see a reset. The port stays this
     * server's own, where the platform allows that (Linux does).
     */
    public void refuseConnections() {
        loop.stopListening();
    }

    /**
     * Listens, as after the start, on the same port: ends {@link #refuseConnections} and {@link #blackholeConnections}. Nothing happens if it does already.
     *
     * @throws UncheckedIOException if somebody else has taken the port meanwhile, on a platform where it cannot be kept
     */
    public void acceptConnections() {
        loop.startListening();
    }

    /**
     * Lets newcomers hang until {@link #acceptConnections} or a restart. Connections that there are live on.
     *
     * <p>Clients see nothing, neither a connection nor an error, until their own time-out for connecting; one that is still trying afterwards may get through, a
     * second or more late. Best effort: it works on Linux, where a full queue answers nobody, and takes some tenths of a second.
     *
     * @throws UnsupportedOperationException if the platform does not let connections hang; then the server accepts them
     */
    public void blackholeConnections() {
        loop.blackhole();
    }

    /**
     * Begins to end as the real server does at SIGTERM, by its profile (PROTOCOL.md section 4): the port is closed to newcomers.
     *
     * <p>V0 drops all connections without a byte. V1 answers {@code error} to what waits or would have to, and serves the rest. V2 answers {@code error} to what
     * waits, and {@code error_draining} to the next request of each connection, which it then closes. {@link #restart} and {@link #reset} make a new server of it.
     */
    public void drain() {
        loop.outside(driver.tampering()::drain);
    }

    /**
     * Waits until the last connection has ended.
     *
     * @param timeout the longest wait, in real time
     * @return whether no connection is left
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public boolean awaitDrained(Duration timeout) throws InterruptedException {
        return driver.tampering().awaitNoConnections(timeout);
    }

    /**
     * Back to the state of a server that has just started: listening, connections closed, keys, queues and faults forgotten. A manual clock is at 0 again.
     *
     * <p>What an earlier client still does has no effect on what comes after. A sink that calls this gets an {@link IllegalStateException}.
     */
    public void reset() {
        loop.outside(driver::reset);
    }

    /**
     * Closes the port and all connections, blocked or not, at once, and ends the server's thread. Idempotent. What a test looks at afterwards is as it was at the
     * end: {@link #journal}, {@link #verify}, {@link #state}, {@link #faultLog}, {@link #unusedFaults}, and what it was started with.
     *
     * @throws IllegalStateException if a sink calls this
     */
    @Override
    public void close() {
        driver.requireBetweenSteps("close it");
        loop.close();
    }

    @Override
    public String toString() {
        return "FakeDflockdServer[" + address() + ']';
    }
}

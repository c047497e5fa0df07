package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.TimerQueue;
import io.dflockd.fake.fault.FaultRules;
import io.dflockd.fake.journal.Records;
import io.dflockd.fake.protocol.Profile;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Runs the engine, or what hands requests on to a server behind, for connections: owns the one lock, the one timer queue, and the sessions.
 *
 * <p>The seam under the sockets: no socket and no thread. Every call is safe from any thread, first runs what is due, and returns when everything that follows
 * from it is done; nothing blocks but the lock.
 */
public final class EngineDriver {

    private final FakeOptions firstOptions;
    private FakeOptions options;
    private final ServerTime time;
    private final ReentrantLock lock = new ReentrantLock();
    private final TimerQueue timers = new TimerQueue();
    private final long seed;
    private final Sessions sessions = new Sessions(lock);
    private final FaultRules faults;
    private final Records records;
    private final Backend backend;
    private final Tampering tampering;
    private Connector connector = Connector.NONE;
    private long lastNumber;
    private long now;
    private int depth;

    /**
     * A server without connections. The options' host, port and choice of clock are not its business.
     *
     * @throws IllegalArgumentException if the options do not fit together, or the fence state file makes no sense
     * @throws UncheckedIOException if the fence state file cannot be read or written
     */
    public EngineDriver(FakeOptions options, TimeSource clock) {
        this(options, clock, Optional.empty());
    }

    /**
     * A proxy in front of a server, without connections. Of the options only the seed, TLS and who is told of faults count.
     *
     * @param server where the server behind is
     */
    public static EngineDriver proxy(FakeOptions options, TimeSource clock, InetSocketAddress server) {
        return new EngineDriver(ProxyBackend.lax(options), clock, Optional.of(server));
    }

    private EngineDriver(FakeOptions options, TimeSource clock, Optional<InetSocketAddress> behind) {
        this.firstOptions = options.requireConsistent();
        this.options = firstOptions;
        this.time = new ServerTime(clock);
        this.seed = options.seed().isPresent() ? options.seed().getAsLong() : new SplittableRandom().nextLong();
        this.faults = new FaultRules(lock, new ServerFaultHost(this), time, new GuardedSinks(options), seed);
        this.records = new Records(lock, options.journalSize(), options.authToken());
        this.now = time.nanos();
        this.backend = behind.isPresent() ? new ProxyBackend(this, behind.get()) : new EngineBackend(this, clock);
        this.tampering = new Tampering(this);
    }

    private Gate newGate() {
        return new Gate(backend.isServer() ? options.authToken() : Optional.empty());
    }

    /** A new connection. If there are as many as may be, the wire is closed at once, and what its session is told has no effect. */
    public Session accept(Wire wire) {
        enter();
        try {
            if (sessions.areTooMany(wire.peer(), options)) {
                Session refused = new Session(0, this, wire, newGate());
                refused.cut();
                return refused;
            }
            Session session = new Session(++lastNumber, this, wire, newGate());
            sessions.add(session);
            backend.connected(session);
            session.open();
            return session;
        } finally {
            leave();
        }
    }

    /** Changes options of the running server. Those of its host, port, clock, profile and TLS, and its times of sweeps and clean-ups, stay as they are. */
    public void configure(UnaryOperator<FakeOptions> change) {
        inside(() -> {
            EngineBackend engine = backend.engine();
            options = change.apply(options).requireConsistent();
            options.authToken().ifPresent(records::hide);
            engine.configure();
        });
    }

    FakeOptions options() {
        return options;
    }

    Profile profile() {
        return options.profile();
    }

    Backend backend() {
        return backend;
    }

    /** The seed of everything random here. */
    public long seed() {
        return seed;
    }

    /** What goes wrong here, and when. */
    public FaultRules faults() {
        return faults;
    }

    /** What is remembered of requests and events. */
    public Records records() {
        return records;
    }

    /** How TLS handshakes go: as the faults have it. */
    TlsHandshakes handshakes() {
        return number -> sessions.find(number)
                .map(session -> session.exchanges().strikes().onHandshake())
                .orElse(TlsHandshake.NORMAL);
    }

    /** Runs every timer that is due, in the order of deadlines. */
    public void runDue() {
        enter();
        leave();
    }

    /** When {@link #runDue} has something to do, if ever. */
    public OptionalLong nextDeadline() {
        lock.lock();
        try {
            return time.nextDeadline(timers);
        } finally {
            lock.unlock();
        }
    }

    /** The server's time: its clock's, with the jumps that it made. */
    public long nanos() {
        return time.nanos();
    }

    /** Moves a manual clock, as {@link io.dflockd.fake.ServerClock#advance} has it. */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        betweenSteps("move its clock", () -> time.advance(Deadline.nanos(duration), this));
    }

    /** Moves a manual clock, as {@link io.dflockd.fake.ServerClock#advanceTo} has it. */
    public void advanceTo(long instant) {
        betweenSteps("move its clock", () -> time.advanceTo(instant, this));
    }

    private void betweenSteps(String what, Runnable action) {
        requireBetweenSteps(what);
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whoever is about to do what cannot be done in the midst of something else asks first.
     *
     * @throws IllegalStateException if a sink, or a condition that is awaited, asks: the server's lock is with this thread
     */
    public void requireBetweenSteps(String what) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "the server is in the midst of a step, which a sink is told of; " + what + " afterwards");
        }
    }

    /** What changes the state behind the clients' backs. */
    public Tampering tampering() {
        return tampering;
    }

    /** Runs this as a step of the server. */
    void inside(Runnable action) {
        enter();
        try {
            action.run();
        } finally {
            leave();
        }
    }

    /** Back to the first state: every connection closed, no key known, no fault armed, and a manual clock at 0. No token comes a second time. */
    public void reset() {
        betweenSteps("reset it", () -> {
            connector.clearBacklog();
            closeAll();
            faults.clear();
            time.reset();
            now = time.nanos();
            lastNumber = 0;
            restoreOptions();
            backend.reset();
            records.clear();
            connector.startListening();
        });
    }

    /** Closes every connection and cuts all delays short. */
    public void closeAll() {
        lock.lock();
        try {
            timers.clear();
            sessions.cutAll();
            backend.closeAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the lock and runs what is due. Each must be followed by {@link #leave}, unless it throws. */
    void enter() {
        lock.lock();
        boolean entered = false;
        try {
            if (depth++ == 0) {
                catchUp();
            }
            entered = true;
        } finally {
            if (!entered) {
                depth--;
                lock.unlock();
            }
        }
    }

    /** Runs what is due now. */
    void catchUp() {
        now = Math.max(now, time.nanos());
        while (!time.isFrozen(now) && timers.isDue(now)) {
            timers.runFirst(now);
            backend.afterTimers();
            letReadyProceed();
        }
    }

    /** Lets sessions go on that can, and gives the lock back. */
    void leave() {
        try {
            if (depth == 1) {
                letReadyProceed();
            }
        } finally {
            depth--;
            lock.unlock();
        }
    }

    private void letReadyProceed() {
        for (Optional<Session> next = nextReady(); next.isPresent(); next = nextReady()) {
            next.get().proceed();
        }
    }

    private Optional<Session> nextReady() {
        return time.isFrozen(now) ? Optional.empty() : sessions.nextReady();
    }

    /** The session may be able to go on. */
    void ready(Session session) {
        sessions.ready(session);
    }

    /** The session is over. */
    void gone(Session session) {
        sessions.remove(session);
        backend.gone(session);
    }

    /** The session is over, and its peer is told at this deadline, or when the network works again. */
    void linger(Session session, long deadline) {
        sessions.linger(session);
        if (deadline != Deadline.NEVER) {
            timers.schedule(deadline, at -> session.closeLate());
        }
    }

    /** Whoever waits for the next deadline looks again, as somebody else may have changed it. */
    void wake() {
        connector.wake();
    }

    /** The sockets: they also wait for the next deadline, and a proxy reaches the server behind by them. */
    public void connectBy(Connector how) {
        connector = how;
        backend.connectBy(how);
    }

    Connector connector() {
        return connector;
    }

    /** Those of the start count again. */
    void restoreOptions() {
        options = firstOptions;
    }

    Sessions sessions() {
        return sessions;
    }

    ServerTime time() {
        return time;
    }

    TimerQueue timers() {
        return timers;
    }

    long now() {
        return now;
    }

    /** The instant so long from now. */
    long after(Duration duration) {
        return Deadline.after(now, Deadline.nanos(duration));
    }
}

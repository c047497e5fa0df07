package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.Delivery;
import io.dflockd.fake.engine.LockEngine;
import io.dflockd.fake.engine.TimerQueue;
import io.dflockd.fake.fault.FaultRules;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Runs the engine for connections: owns the one lock, the one timer queue, and the sessions.
 *
 * <p>The seam under the sockets: no socket and no thread. Every call is safe from any thread, first runs what is due, and returns when everything that follows
 * from it is done; nothing blocks but the lock.
 */
public final class EngineDriver {

    private final FakeOptions options;
    private final TimeSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final TimerQueue timers = new TimerQueue();
    private final long seed;
    private final Supplier<String> tokens;
    private final Map<Long, Session> sessions = new LinkedHashMap<>();
    private final Queue<Session> ready = new ArrayDeque<>();
    private final FaultRules faults;
    private LockEngine engine;
    private boolean draining;
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
        this.options = options.requireConsistent();
        this.clock = clock;
        this.seed = options.seed().orElseGet(() -> new SplittableRandom().nextLong());
        this.faults = new FaultRules(lock, clock::nanos, options.faultEvents(), seed);
        this.now = clock.nanos();
        this.tokens = newTokens();
        this.engine = newEngine();
    }

    private LockEngine newEngine() {
        return new LockEngine(options.engineOptions(now), tokens, timers, options.events());
    }

    private Supplier<String> newTokens() {
        return profile().hasFences() ? FencedTokens.of(seed, clock, options.fenceStateFile()) : new Tokens(seed);
    }

    private Gate newGate() {
        return new Gate(options.authToken());
    }

    /** A new connection. If there are as many as may be, the wire is closed at once, and what its session is told has no effect. */
    public Session accept(Wire wire) {
        enter();
        try {
            if (isFull(wire.peer())) {
                Session refused = new Session(0, this, wire, newGate());
                refused.cut();
                return refused;
            }
            Session session = new Session(++lastNumber, this, wire, newGate());
            sessions.put(session.number(), session);
            deliver(engine.connect(session.number(), now));
            session.open();
            return session;
        } finally {
            leave();
        }
    }

    private boolean isFull(String peer) {
        int most = options.maxConnections();
        int mostOfPeer = options.maxConnectionsPerIp();
        return (most > 0 && sessions.size() >= most)
                || (mostOfPeer > 0
                        && sessions.values().stream()
                                        .filter(session -> session.isFrom(peer))
                                        .count()
                                >= mostOfPeer);
    }

    /** How many connections are open. */
    public int connections() {
        lock.lock();
        try {
            return sessions.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The server is told to end and lets its clients finish, as far as its profile does (PROTOCOL.md section 4): V0 drops them all at once, V1 carries out what need
     * not wait, V2 says {@code error_draining} to whatever comes next. When {@link #connections} are 0, nothing is left to wait for.
     */
    public void drain() {
        if (profile().endsWithoutDraining()) {
            closeAll();
            return;
        }
        enter();
        try {
            draining = true;
            deliver(engine.drain(now));
        } finally {
            leave();
        }
    }

    Profile profile() {
        return options.profile();
    }

    /** Whether this request is turned away whoever sends it, because the server drains. */
    boolean refuses(Command command) {
        return draining && !profile().servesWhileDraining() && !(command instanceof Command.Malformed);
    }

    boolean isBlocked(Session session) {
        return engine.isBlocked(session.number());
    }

    /** The seed of everything random here. */
    public long seed() {
        return seed;
    }

    /** What goes wrong here, and when. */
    public FaultRules faults() {
        return faults;
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
            return timers.nextDeadline();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves a manual clock. Everything that falls due on the way is delivered, at its own instant and in the order of deadlines, before this returns.
     *
     * @throws IllegalStateException if the driver does not run on a {@link ManualTime}
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (!(clock instanceof ManualTime time)) {
            throw new IllegalStateException("this server runs on the system clock; start it with a manual one");
        }
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        lock.lock();
        try {
            long target = Deadline.after(time.nanos(), Deadline.nanos(duration));
            while (timers.isDue(target)) {
                time.moveTo(Math.max(timers.earliest(), time.nanos()));
                runDue();
            }
            time.moveTo(target);
        } finally {
            lock.unlock();
        }
    }

    /** Ends all leases of the key now. */
    public void expireLease(Key key) {
        enter();
        try {
            expire(key);
        } finally {
            leave();
        }
    }

    void expire(Key key) {
        deliver(engine.expire(key, now));
    }

    /** Back to the first state: every connection closed, no key known, no fault armed. The clock goes on, and no token comes a second time. */
    public void reset() {
        lock.lock();
        try {
            closeAll();
            faults.clear();
            now = clock.nanos();
            draining = false;
            lastNumber = 0;
            engine = newEngine();
        } finally {
            lock.unlock();
        }
    }

    /** Closes every connection and cuts all delays short. */
    public void closeAll() {
        lock.lock();
        try {
            List<Session> open = new ArrayList<>(sessions.values());
            sessions.clear();
            ready.clear();
            timers.clear();
            open.forEach(Session::cut);
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

    private void catchUp() {
        now = Math.max(now, clock.nanos());
        while (timers.isDue(now)) {
            timers.runFirst(now);
            deliver(engine.takeDeliveries());
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
        for (Session session = ready.poll(); session != null; session = ready.poll()) {
            session.proceed();
        }
    }

    /** The session may be able to go on. */
    void ready(Session session) {
        ready.add(session);
    }

    void apply(Session session, Command command) {
        deliver(engine.handle(session.number(), command, now));
    }

    /** The session is over. */
    void gone(Session session) {
        sessions.remove(session.number());
        deliver(engine.disconnect(session.number(), now));
    }

    private void deliver(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            Session session = sessions.get(delivery.conn());
            if (session != null) {
                session.answer(delivery.reply());
            }
        }
    }

    TimerQueue timers() {
        return timers;
    }

    long now() {
        return now;
    }

    long deadlineOfRead(long start) {
        return options.readTimeout()
                .map(timeout -> Deadline.after(start, Deadline.nanos(timeout)))
                .orElse(Deadline.NEVER);
    }

    long deadlineOfWrite() {
        return Deadline.after(now, Deadline.nanos(options.writeTimeout()));
    }
}

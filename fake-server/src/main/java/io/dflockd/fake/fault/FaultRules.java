package io.dflockd.fake.fault;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The faults of one server, in the order in which they were armed: {@code on(trigger).at(phase).then(effect)}.
 *
 * <p>For each request the first that matches is taken, when the request is parsed; one that strikes between the lines of a request, and one of a connection, when
 * that moment comes. All of this happens under the server's lock.
 */
public final class FaultRules {

    private static final int MOST_LOGGED = 10_000;

    private final Lock lock;
    private final FaultHost host;
    private final Condition struck;
    private final LongSupplier clock;
    private final FaultSink events;
    private final long seed;
    private final List<FaultHandle> armed = new ArrayList<>();
    private SplittableRandom random;
    private long generation;
    private long lastOrder;

    /** No longer armed, and has not struck. It still may, if a request that blocks has taken it. */
    private final List<FaultHandle> missed = new ArrayList<>();

    private final Deque<FaultEvent> log = new ArrayDeque<>();

    /**
     * No faults.
     *
     * @param lock the server's
     * @param clock the server's, nanoseconds
     */
    public FaultRules(Lock lock, FaultHost host, LongSupplier clock, FaultSink events, long seed) {
        this.lock = lock;
        this.host = host;
        this.struck = lock.newCondition();
        this.clock = clock;
        this.events = events;
        this.seed = seed;
        this.random = newRandom();
    }

    private SplittableRandom newRandom() {
        return new SplittableRandom(seed).split();
    }

    /** Begins a rule: for these requests. Nothing is armed yet. */
    public OnTrigger on(Trigger trigger) {
        return phase -> effect -> arm(new FaultHandle(this, trigger, phase, effect));
    }

    /** A rule that lacks its phase. */
    @FunctionalInterface
    public interface OnTrigger {
        AtPhase at(Phase phase);
    }

    /** A rule that lacks its effect. */
    @FunctionalInterface
    public interface AtPhase {
        /**
         * Arms the fault, for one match: when this returns, the next that matches is struck.
         *
         * @throws IllegalArgumentException if the effect makes no sense at this phase, or for such requests
         */
        FaultHandle then(Effect effect);
    }

    private FaultHandle arm(FaultHandle fault) {
        ArmingRules.check(fault, host);
        change(() -> {
            fault.armed(++lastOrder, generation);
            armed.add(fault);
            tellIfIdle(fault);
        });
        return fault;
    }

    void tellIfIdle(FaultHandle fault) {
        if (fault.phase().equals(Phase.IDLE)) {
            host.idleFaultArmed();
        }
    }

    /**
     * Arms what struck in another run, each for the same request of the same connection: the same clients see the same again.
     *
     * @param events what {@link #log} told, of a server that was started or reset before
     */
    public List<FaultHandle> replay(List<FaultEvent> events) {
        return events.stream().map(this::again).toList();
    }

    private FaultHandle again(FaultEvent event) {
        Trigger same = Trigger.anyCommand().connection(event.conn()).exchange(event.exchange());
        return on(same).at(event.phase()).then(event.effect());
    }

    /** What has struck, oldest first; of very many, the last 10,000. */
    public List<FaultEvent> log() {
        return get(() -> List.copyOf(log));
    }

    /** Faults that have not struck, removed ones excepted: a test that armed them did not test what it meant to. */
    public List<FaultHandle> unused() {
        return get(() -> {
            List<FaultHandle> unused = new ArrayList<>(missed);
            armed.stream().filter(FaultHandle::isUnused).forEach(unused::add);
            return unused;
        });
    }

    /** Whether any request has to be looked at. Called by the server. */
    public boolean isAnyArmed() {
        return !armed.isEmpty();
    }

    /** Takes the first fault that is for this request. Called by the server when the request is parsed. */
    public Optional<FaultHandle> match(long conn, long exchange, Command request) {
        return armed.isEmpty()
                ? Optional.empty()
                : take(fault -> isOfRequest(fault.phase().point()) && isFor(fault, conn, exchange, request));
    }

    /** Takes the first fault that is for this line of a request, of which no more is known than this. */
    public Optional<FaultHandle> matchLine(
            int line, long conn, long exchange, Class<? extends Command> kind, Optional<Key> key) {
        return armed.isEmpty()
                ? Optional.empty()
                : take(fault -> fault.phase().point() == Point.AFTER_REQUEST_LINE
                        && fault.phase().number() == line
                        && fault.trigger().matches(kind, key)
                        && fault.trigger().matches(conn, exchange));
    }

    /** Takes the first fault that is for this moment of a connection. */
    public Optional<FaultHandle> matchConnection(Point point, long conn, long exchange) {
        return armed.isEmpty()
                ? Optional.empty()
                : take(fault ->
                        fault.phase().point() == point && fault.trigger().matches(conn, exchange));
    }

    private static boolean isOfRequest(Point point) {
        return !point.isOfConnection() && point != Point.AFTER_REQUEST_LINE;
    }

    private static boolean isFor(FaultHandle fault, long conn, long exchange, Command request) {
        Optional<Key> key = request instanceof Command.OnKey onKey ? Optional.of(onKey.key()) : Optional.empty();
        boolean granted = request instanceof Command.Acquire || request instanceof Command.Enqueue;
        return (key.isPresent() || !(fault.effect() instanceof StateEffect.OfKey))
                && (granted || !(fault.effect() instanceof StateEffect.DoubleGrant))
                && fault.trigger().matches(conn, exchange)
                && fault.trigger().matches(request.getClass(), key);
    }

    private Optional<FaultHandle> take(Predicate<FaultHandle> isMatch) {
        dropMissed();
        Optional<FaultHandle> match = armed.stream()
                .filter(fault -> isMatch.test(fault) && isItsTurn(fault))
                .findFirst();
        match.ifPresent(fault -> {
            fault.take();
            if (fault.isSpent()) {
                retire(fault);
            }
        });
        return match;
    }

    private boolean isItsTurn(FaultHandle fault) {
        return fault.isReached(clock.getAsLong())
                && (fault.probability() == 1 || random.nextDouble() < fault.probability());
    }

    private void retire(FaultHandle fault) {
        if (armed.remove(fault) && fault.isUnused()) {
            missed.add(fault);
        }
    }

    private void dropMissed() {
        long now = clock.getAsLong();
        List.copyOf(armed).stream().filter(fault -> fault.isOver(now)).forEach(this::retire);
    }

    /** The moment that the fault was taken for never came, or there was nothing to be struck: it waits for the next. Called by the server. */
    public void giveBack(FaultHandle fault) {
        fault.giveBack();
        if (!fault.isRemoved()) {
            keepArmed(fault);
        }
    }

    /**
     * The fault strikes now. Called by the server.
     *
     * @return its effect, with everything decided that is a matter of chance
     */
    public Effect strike(FaultHandle fault, long now, long conn, long exchange, Optional<Command> request) {
        return get(() -> {
            Effect effect = fault.effect().drawn(random);
            fault.struck(now);
            missed.remove(fault);
            FaultEvent event = new FaultEvent(now, conn, exchange, request, fault.phase(), effect);
            log.add(event);
            if (log.size() > MOST_LOGGED) {
                log.remove();
            }
            events.accept(event);
            struck.signalAll();
            return effect;
        });
    }

    /** Disarms everything, forgets what has struck, and begins again with the same chances. Called by the server. */
    public void clear() {
        generation++;
        armed.clear();
        missed.clear();
        log.clear();
        random = newRandom();
    }

    /** Changes with each {@link #clear}: a fault of an earlier one is armed no more. */
    long generation() {
        return generation;
    }

    void keepArmed(FaultHandle fault) {
        if (fault.isSpent()) {
            retire(fault);
        } else if (!armed.contains(fault)) {
            missed.remove(fault);
            armed.add(fault);
            armed.sort(Comparator.comparingLong(FaultHandle::order));
        }
    }

    void remove(FaultHandle fault) {
        fault.disarm();
        armed.remove(fault);
        missed.remove(fault);
    }

    /** The instant so long from now. */
    long after(Duration... durations) {
        long instant = clock.getAsLong();
        for (Duration duration : durations) {
            instant = Deadline.after(instant, Deadline.nanos(duration));
        }
        return instant;
    }

    void change(Runnable action) {
        host.change(action);
    }

    void locked(Runnable action) {
        get(() -> {
            action.run();
            return true;
        });
    }

    <T> T get(Supplier<T> value) {
        lock.lock();
        try {
            return value.get();
        } finally {
            lock.unlock();
        }
    }

    boolean await(BooleanSupplier done, Duration timeout) {
        lock.lock();
        try {
            long left = Deadline.nanos(timeout);
            while (!done.getAsBoolean() && left > 0) {
                left = struck.awaitNanos(left);
            }
            return done.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return done.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }
}

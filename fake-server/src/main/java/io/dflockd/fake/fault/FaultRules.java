package io.dflockd.fake.fault;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.protocol.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The faults of one server, in the order in which they were armed: {@code on(trigger).at(phase).then(effect)}.
 *
 * <p>For each request the first that matches is taken, when the request is parsed. All of this happens under the server's lock.
 */
public final class FaultRules {

    private final Lock lock;
    private final Condition struck;
    private final LongSupplier clock;
    private final FaultSink events;
    private final SplittableRandom random;
    private final List<FaultHandle> armed = new ArrayList<>();

    /** No longer armed, and has not struck. It still may, if a request that blocks has taken it. */
    private final List<FaultHandle> missed = new ArrayList<>();

    /**
     * No faults.
     *
     * @param lock the server's
     * @param clock the server's, nanoseconds
     */
    public FaultRules(Lock lock, LongSupplier clock, FaultSink events, long seed) {
        this.lock = lock;
        this.struck = lock.newCondition();
        this.clock = clock;
        this.events = events;
        this.random = new SplittableRandom(seed).split();
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
         * Arms the fault, for one request: when this returns, the next that matches is struck.
         *
         * @throws IllegalArgumentException if the effect makes no sense for such requests
         */
        FaultHandle then(Effect effect);
    }

    private FaultHandle arm(FaultHandle fault) {
        Class<? extends Command> command = fault.trigger().command();
        if (fault.effect() instanceof Effect.ExpireLease
                && command != Command.class
                && !Command.OnKey.class.isAssignableFrom(command)) {
            throw new IllegalArgumentException(fault.trigger() + " has no key whose lease could expire");
        }
        locked(() -> armed.add(fault));
        return fault;
    }

    /** Faults that have not struck, removed ones excepted: a test that armed them did not test what it meant to. */
    public List<FaultHandle> unused() {
        return get(() -> {
            List<FaultHandle> unused = new ArrayList<>(missed);
            armed.stream().filter(FaultHandle::isUnused).forEach(unused::add);
            return unused;
        });
    }

    /** Takes the first fault that is for this request. Called by the server when the request is parsed. */
    public Optional<FaultHandle> match(long conn, Command request) {
        if (armed.isEmpty()) {
            return Optional.empty();
        }
        dropMissed();
        Optional<FaultHandle> match =
                armed.stream().filter(fault -> isFor(fault, conn, request)).findFirst();
        match.ifPresent(this::take);
        return match;
    }

    private void take(FaultHandle fault) {
        fault.take();
        if (fault.isSpent()) {
            retire(fault);
        }
    }

    private void retire(FaultHandle fault) {
        if (armed.remove(fault) && fault.isUnused()) {
            missed.add(fault);
        }
    }

    private boolean isFor(FaultHandle fault, long conn, Command request) {
        if (fault.effect() instanceof Effect.ExpireLease && !(request instanceof Command.OnKey)) {
            return false;
        }
        Trigger trigger = fault.trigger();
        return trigger.matches(conn, request)
                && fault.isReached()
                && (trigger.probability() == 1 || random.nextDouble() < trigger.probability());
    }

    private void dropMissed() {
        long now = clock.getAsLong();
        for (Iterator<FaultHandle> all = armed.iterator(); all.hasNext(); ) {
            FaultHandle fault = all.next();
            if (fault.isOver(now)) {
                all.remove();
                if (fault.isUnused()) {
                    missed.add(fault);
                }
            }
        }
    }

    /** The fault strikes now. Called by the server. */
    public void strike(FaultHandle fault, long now, long conn, Command request) {
        locked(() -> {
            fault.struck(now);
            missed.remove(fault);
            events.accept(new FaultEvent(now, conn, request, fault.phase(), fault.effect()));
            struck.signalAll();
        });
    }

    /** Disarms everything. */
    public void clear() {
        armed.forEach(FaultHandle::disarm);
        armed.clear();
        missed.clear();
    }

    void keepArmed(FaultHandle fault) {
        if (fault.isSpent()) {
            retire(fault);
        } else if (!armed.contains(fault)) {
            missed.remove(fault);
            armed.add(fault);
        }
    }

    void remove(FaultHandle fault) {
        fault.disarm();
        armed.remove(fault);
        missed.remove(fault);
    }

    long after(Duration duration) {
        return Deadline.after(clock.getAsLong(), Deadline.nanos(duration));
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

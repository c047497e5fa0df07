package io.dflockd.fake.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One armed fault: which of its matches it strikes, whether it has, and the way to take it back.
 *
 * <p>It is armed already and strikes once, unless a schedule says otherwise: {@link #times}, {@link #always}, {@link #forNext}, {@link #succeedFirst}, {@link
 * #failEvery}, {@link #outage}, {@link #probability}. The last one said counts. Safe from any thread.
 */
public final class FaultHandle {

    private final FaultRules rules;
    private final Trigger trigger;
    private final Phase phase;
    private final Effect effect;
    private final List<Runnable> stalled = new ArrayList<>();
    private Schedule schedule = Schedule.ONCE;
    private int seen;
    private int taken;
    private int fired;
    private OptionalLong firedAt = OptionalLong.empty();
    private boolean removed;
    private long order;
    private long generation;

    FaultHandle(FaultRules rules, Trigger trigger, Phase phase, Effect effect) {
        this.rules = rules;
        this.trigger = trigger;
        this.phase = phase;
        this.effect = effect;
    }

    /**
     * Strikes {@code n} times.
     *
     * @throws IllegalArgumentException if n is less than 1
     */
    public FaultHandle times(int n) {
        check(n >= 1, "a fault strikes at least once, not " + n + " times");
        return by(Schedule.times(n));
    }

    /** Strikes every time until it is removed. */
    public FaultHandle always() {
        return by(Schedule.times(Schedule.ALWAYS));
    }

    /**
     * Strikes every time for this long from now, by the server's clock.
     *
     * @throws IllegalArgumentException if the duration is not positive
     */
    public FaultHandle forNext(Duration duration) {
        return outage(Duration.ZERO, duration);
    }

    /**
     * Lets the first {@code n} matches through and strikes every one after them.
     *
     * @throws IllegalArgumentException if n is negative
     */
    public FaultHandle succeedFirst(int n) {
        check(n >= 0, "no fewer than 0 matches succeed, not " + n);
        return by(Schedule.every(n, 1));
    }

    /**
     * Strikes every n-th match: with 3, the third, the sixth, and so on.
     *
     * @throws IllegalArgumentException if n is less than 1
     */
    public FaultHandle failEvery(int n) {
        check(n >= 1, "every match or less often, not every " + n);
        return by(Schedule.every(0, n));
    }

    /**
     * Strikes every match that comes later than {@code after} from now, for {@code duration}, by the server's clock.
     *
     * @throws IllegalArgumentException if {@code after} is negative or {@code duration} is not positive
     */
    public FaultHandle outage(Duration after, Duration duration) {
        check(!after.isNegative(), "an outage begins now or later, not after " + after);
        check(!duration.isNegative() && !duration.isZero(), "a fault needs some time to strike, not " + duration);
        return by(Schedule.between(rules.after(after), rules.after(after, duration)));
    }

    /**
     * Strikes each match with this probability, by the server's seed.
     *
     * @throws IllegalArgumentException if it is not over 0 and at most 1
     */
    public FaultHandle probability(double p) {
        check(p > 0 && p <= 1, "a probability must be over 0 and at most 1, not " + p);
        return by(Schedule.likely(p));
    }

    private FaultHandle by(Schedule newSchedule) {
        rules.change(() -> {
            schedule = newSchedule;
            if (!isRemoved()) {
                rules.keepArmed(this);
                rules.tellIfIdle(this);
            }
        });
        return this;
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }

    /** How often it has struck. */
    public int fired() {
        return rules.get(() -> fired);
    }

    /** When it struck last, nanoseconds of the server's clock. */
    public OptionalLong firedAt() {
        return rules.get(() -> firedAt);
    }

    /**
     * Waits until it has struck at least once. An interrupt ends the wait, and the flag stays set.
     *
     * @param timeout the longest wait, in real time
     * @return whether it has struck
     */
    public boolean awaitFired(Duration timeout) {
        return rules.await(() -> fired > 0, timeout);
    }

    /** Takes the fault back: it strikes no more, and does not count as unused. What it has already taken for itself still happens. */
    public void remove() {
        rules.locked(() -> rules.remove(this));
    }

    /** Lets everything go on that this fault has stalled. */
    public void release() {
        rules.change(() -> {
            List<Runnable> free = List.copyOf(stalled);
            stalled.clear();
            free.forEach(Runnable::run);
        });
    }

    /** Called by the server: this goes on when the fault is released. */
    public void onRelease(Runnable goOn) {
        stalled.add(goOn);
    }

    /** Called by the server: this goes on no more. */
    public void forget(Runnable goOn) {
        stalled.remove(goOn);
    }

    /** It will never strike again, whatever is asked of it. */
    void disarm() {
        removed = true;
    }

    /** The phase in which it strikes. */
    public Phase phase() {
        return phase;
    }

    /** What it does. */
    public Effect effect() {
        return effect;
    }

    Trigger trigger() {
        return trigger;
    }

    /** Counts a match; says whether it is one to be struck, but for chance. */
    boolean isReached(long now) {
        seen++;
        return seen >= trigger.first() && schedule.has(seen - trigger.first() + 1, now);
    }

    /** How likely such a match is struck. */
    double probability() {
        return trigger.probability() * schedule.probability();
    }

    /** Uses one of its shots. */
    void take() {
        taken++;
    }

    /** The shot was not used after all. */
    void giveBack() {
        taken--;
    }

    boolean isRemoved() {
        return removed || generation != rules.generation();
    }

    /** It is armed as the n-th of all faults, in this generation of them. */
    void armed(long n, long ofGeneration) {
        order = n;
        generation = ofGeneration;
    }

    /** As which of all faults it was armed. */
    long order() {
        return order;
    }

    boolean isUnused() {
        return fired == 0;
    }

    boolean isSpent() {
        return schedule.shots() != Schedule.ALWAYS && taken >= schedule.shots();
    }

    boolean isOver(long now) {
        return now >= schedule.until();
    }

    void struck(long now) {
        fired++;
        firedAt = OptionalLong.of(now);
    }

    @Override
    public String toString() {
        return trigger + " " + phase + ": " + effect;
    }
}

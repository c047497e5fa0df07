package io.dflockd.fake.fault;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * One armed fault: how often it strikes, whether it has, and the way to take it back.
 *
 * <p>It is armed already and strikes once, unless one of {@link #times}, {@link #always} and {@link #forNext} says otherwise. Safe from any thread.
 */
public final class FaultHandle {

    private static final int ALWAYS = Integer.MAX_VALUE;

    private final FaultRules rules;
    private final Trigger trigger;
    private final Phase phase;
    private final Effect effect;
    private int shots = 1;
    private long until = Long.MAX_VALUE;
    private int seen;
    private int taken;
    private int fired;
    private OptionalLong firedAt = OptionalLong.empty();
    private boolean removed;

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
        if (n < 1) {
            throw new IllegalArgumentException("a fault strikes at least once, not " + n + " times");
        }
        return repeat(n, Long.MAX_VALUE);
    }

    /** Strikes every time until it is removed. */
    public FaultHandle always() {
        return repeat(ALWAYS, Long.MAX_VALUE);
    }

    /**
     * Strikes every time for this long from now, by the server's clock.
     *
     * @throws IllegalArgumentException if the duration is not positive
     */
    public FaultHandle forNext(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a fault needs some time to strike, not " + duration);
        }
        return repeat(ALWAYS, rules.after(duration));
    }

    private FaultHandle repeat(int newShots, long newUntil) {
        rules.locked(() -> {
            shots = newShots;
            until = newUntil;
            if (!removed) {
                rules.keepArmed(this);
            }
        });
        return this;
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

    /** Counts a match; says whether the matches have come far enough. */
    boolean isReached() {
        return ++seen >= trigger.first();
    }

    /** Uses one of its shots. */
    void take() {
        taken++;
    }

    boolean isUnused() {
        return fired == 0;
    }

    boolean isSpent() {
        return shots != ALWAYS && taken >= shots;
    }

    boolean isOver(long now) {
        return now >= until;
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

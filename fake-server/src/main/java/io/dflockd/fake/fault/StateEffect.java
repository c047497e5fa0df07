package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import java.time.Duration;
import java.util.Set;

/**
 * What changes on the server behind the client's back. Not in front of another server: a proxy refuses them.
 *
 * <p>{@code BEFORE_APPLY}: the request then finds the changed state. {@code AFTER_APPLY_BEFORE_REPLY} and {@code AFTER_REPLY}: the client gets the reply it
 * hoped for, and it is worth nothing, which only its next request tells. {@code WHILE_QUEUED}: the change happens while it waits. What is about a key strikes
 * only requests that have one.
 */
public sealed interface StateEffect extends Effect {

    /** About the key of the request. */
    sealed interface OfKey extends StateEffect {}

    /** See {@link StateEffect#expireLease}. */
    record ExpireLease() implements OfKey {}

    /** See {@link StateEffect#shortenLease}. */
    record ShortenLease(Duration left) implements OfKey {
        public ShortenLease {
            checkTime(left);
        }
    }

    /** See {@link StateEffect#steal}. */
    record Steal() implements OfKey {}

    /** See {@link StateEffect#UNSAFE_doubleGrant}. */
    record DoubleGrant() implements OfKey {
        @Override
        public Set<Point> points() {
            return Set.of(Point.BEFORE_APPLY);
        }
    }

    /** See {@link StateEffect#UNSAFE_skipHeadOfQueue}. */
    record SkipHead() implements OfKey {}

    /** See {@link StateEffect#noAutoRelease}. */
    record NoAutoRelease() implements StateEffect {
        @Override
        public Set<Point> points() {
            return Points.WITHOUT_TLS;
        }
    }

    /** See {@link StateEffect#clockJump}. */
    record ClockJump(Duration ahead) implements StateEffect {
        public ClockJump {
            checkTime(ahead);
        }
    }

    /** See {@link StateEffect#freeze}. */
    record Freeze(Duration time) implements StateEffect {
        public Freeze {
            checkTime(time);
        }
    }

    /** See {@link StateEffect#restart}. */
    record Restarted(Restart how) implements StateEffect {}

    /** See {@link StateEffect#fencesGoBack}. */
    record FencesGoBack(long by) implements StateEffect {
        public FencesGoBack {
            if (by < 1) {
                throw new IllegalArgumentException("fences go back by at least 1, not " + by);
            }
        }
    }

    @Override
    default Set<Point> points() {
        return Points.OF_REQUEST;
    }

    /** All leases of the request's key end now, as if their time were over, and the key is handed on. */
    static Effect expireLease() {
        return new ExpireLease();
    }

    /** The leases of the request's key that last longer end this long from now; the client was told more. */
    static Effect shortenLease(Duration left) {
        return new ShortenLease(left);
    }

    /** The key of the request goes to a scripted holder, past all who hold or wait, for the server's default lease. */
    static Effect steal() {
        return new Steal();
    }

    /** What this connection holds, and its places, outlive it, until release or the end of the lease: as with auto-release off. */
    static Effect noAutoRelease() {
        return new NoAutoRelease();
    }

    /** The server's clock jumps ahead; everything that falls due on the way happens at once. A client's clock does not: the model of a client that was paused. */
    static Effect clockJump(Duration ahead) {
        return new ClockJump(ahead);
    }

    /** The whole server stands still for this long, as in a long garbage collection; its clock goes on, and then everything happens that was due. */
    static Effect freeze(Duration time) {
        return new Freeze(time);
    }

    /** The server restarts on the same port: all connections end, this one without an answer. */
    static Effect restart(Restart how) {
        return new Restarted(how);
    }

    /** V2: fencing tokens go back by this many grants, as after a restart without the state file; a resource that checks them refuses good holders. */
    static Effect fencesGoBack(long by) {
        return new FencesGoBack(by);
    }

    /** Breaks mutual exclusion, to see whether a checker finds it: an acquire or enqueue is granted though others hold the key. Never drawn at random. */
    @SuppressWarnings("MethodName")
    static Effect UNSAFE_doubleGrant() {
        return new DoubleGrant();
    }

    /** Breaks the order of the queue, to see whether a checker finds it: the first who waits for the key goes to the end. Never drawn at random. */
    @SuppressWarnings("MethodName")
    static Effect UNSAFE_skipHeadOfQueue() {
        return new SkipHead();
    }

    private static void checkTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
    }
}

package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import java.time.Duration;
import java.util.Set;

/**
 * What changes on the server behind the client's back. Not in front of another server: a proxy refuses them.
 *
 * <p>{@code BEFORE_APPLY}: the request then finds the changed state. {@code AFTER_APPLY_BEFORE_REPLY} and {@code AFTER_REPLY}: the client gets the reply it
 * hoped for, and it is worth nothing, which only its next request tells. {@code WHILE_QUEUED}: the change happens while it waits. What is about a key strikes
 * only requests that have one. None of them writes or closes anything by itself, but for {@link #restart}.
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

    /**
     * All leases of the request's key end now, as if their time were over, and the key is handed on.
     *
     * <p>{@code BEFORE_APPLY}: a renew or release says {@code error}, an acquire finds the key free. {@code WHILE_QUEUED}: the first who waits is granted, so the
     * client may have its grant at once. {@code AFTER_APPLY_BEFORE_REPLY}, {@code AFTER_REPLY}: the client reads a grant whose token is refused from then on.
     */
    static Effect expireLease() {
        return new ExpireLease();
    }

    /**
     * The leases of the request's key that last longer end this long from now; the client was told more.
     *
     * <p>{@code BEFORE_APPLY}: an acquire that must wait waits less; a renew gives its own lease all the same. {@code WHILE_QUEUED}: the client waits less. {@code
     * AFTER_APPLY_BEFORE_REPLY}, {@code AFTER_REPLY}: the lease that the client reads is longer than the one that it has.
     */
    static Effect shortenLease(Duration left) {
        return new ShortenLease(left);
    }

    /**
     * The key of the request goes to a scripted holder, past all who hold or wait, for the server's default lease; of a semaphore the holder has one slot, and the
     * others go to those who wait.
     *
     * <p>{@code BEFORE_APPLY}: a renew or release says {@code error}, an acquire has to wait. {@code WHILE_QUEUED}: the client waits on. {@code
     * AFTER_APPLY_BEFORE_REPLY}, {@code AFTER_REPLY}: the client reads a grant whose token is refused from then on, and nobody else gets the key.
     */
    static Effect steal() {
        return new Steal();
    }

    /**
     * What this connection holds, and its places, outlive it, until release or the end of the lease: as with auto-release off. It does not matter at which phase; the
     * client sees nothing of it, and others find the key held after it has closed. V2 clears its places all the same.
     */
    static Effect noAutoRelease() {
        return new NoAutoRelease();
    }

    /**
     * The server's clock jumps ahead; everything that falls due on the way happens at once. A client's clock does not: the model of a client that was paused.
     *
     * <p>{@code BEFORE_APPLY}: leases of before may be over, and what the request gets begins after the jump. {@code WHILE_QUEUED}: the client reads {@code timeout}
     * early, or is granted as others' leases end. {@code AFTER_APPLY_BEFORE_REPLY}, {@code AFTER_REPLY}: the client reads a grant of which that much is over.
     */
    static Effect clockJump(Duration ahead) {
        return new ClockJump(ahead);
    }

    /**
     * The whole server stands still for this long, as in a long garbage collection; its clock goes on, and then, or at a thaw, everything happens that was due.
     *
     * <p>All clients wait; connecting still works. {@code BEFORE_APPLY}: the request is carried out afterwards. {@code WHILE_QUEUED}: waits and leases run out unnoticed.
     * {@code AFTER_APPLY_BEFORE_REPLY}: the reply comes afterwards. {@code AFTER_REPLY}: the client has its reply before.
     */
    static Effect freeze(Duration time) {
        return new Freeze(time);
    }

    /**
     * The server restarts on the same port: all connections end, and places in queues with them.
     *
     * <p>The client reads the end of the stream without an answer, {@code AFTER_REPLY} behind its reply. With {@link Restart#KEEP_STATE} what was carried out stays: a
     * grant that the client did not read {@code AFTER_APPLY_BEFORE_REPLY} holds the key until its lease ends.
     */
    static Effect restart(Restart how) {
        return new Restarted(how);
    }

    /**
     * V2: fencing tokens go back by this many grants, as after a restart without the state file, but not below 0; a resource that checks them refuses good holders.
     *
     * <p>{@code BEFORE_APPLY}, {@code WHILE_QUEUED}: the client's own grant has a low one already. {@code AFTER_APPLY_BEFORE_REPLY}, {@code AFTER_REPLY}: the next grants
     * have.
     */
    static Effect fencesGoBack(long by) {
        return new FencesGoBack(by);
    }

    /**
     * Breaks mutual exclusion, to see whether a checker finds it: an acquire or enqueue is granted at once though others hold the key. What would be refused whoever
     * holds it is refused all the same, and other requests are not struck. Never drawn at random.
     */
    @SuppressWarnings("MethodName")
    static Effect UNSAFE_doubleGrant() {
        return new DoubleGrant();
    }

    /**
     * Breaks the order of the queue, to see whether a checker finds it: the first who waits for the key goes to the end. It is not told; whoever came later is granted
     * first. {@code WHILE_QUEUED}: the request itself waits already, and may be the one. Never drawn at random.
     */
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

package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a fault does, to the connection or to the time it takes. Others are in {@link ReplyEffect} (what the client reads), {@link StateEffect} (what the
 * server knows) and {@link TlsEffect}.
 *
 * <p>Each says what the client sees. What has become of its request is the same for all of them:
 *
 * <ul>
 *   <li>{@code ON_CONNECT}, {@code AFTER_REQUEST_LINE}, {@code BEFORE_APPLY}: nothing was carried out, and the client has read nothing.
 *   <li>{@code WHILE_QUEUED}: the request has its place in the queue. The client has read nothing, or {@code queued} if it was an enqueue.
 *   <li>{@code AFTER_APPLY_BEFORE_REPLY}: it was carried out, and the client has read nothing. {@code DURING_REPLY}: the same, but for the first bytes of the reply.
 *   <li>{@code AFTER_REPLY}: the client has its whole reply; what was sent behind that request is not looked at yet. {@code IDLE}: it has all its replies.
 * </ul>
 */
public sealed interface Effect
        permits Effect.Latency, Effect.LateReply, Effect.Ending, ReplyEffect, StateEffect, TlsEffect {

    /** See {@link Effect#latency(Duration)}. */
    record Latency(Delay delay) implements Effect {
        @Override
        public Set<Point> points() {
            return Points.TIMED;
        }

        @Override
        public Effect drawn(SplittableRandom random) {
            return new Latency(new Delay.Fixed(delay.draw(random)));
        }
    }

    /** See {@link Effect#lateReply}. */
    record LateReply(Duration after) implements Effect {
        public LateReply {
            checkTime(after);
        }

        @Override
        public Set<Point> points() {
            return Set.of(Point.AFTER_APPLY_BEFORE_REPLY);
        }
    }

    /** The connection gets no further: at every phase. */
    sealed interface Ending extends Effect {
        @Override
        default Set<Point> points() {
            return Points.ALL;
        }
    }

    /** See {@link Effect#close}. */
    record Close() implements Ending {}

    /** See {@link Effect#reset}. */
    record Reset() implements Ending {}

    /** See {@link Effect#shutdownOutput}. */
    record ShutdownOutput() implements Ending {
        @Override
        public Set<Point> points() {
            return Points.WITHOUT_TLS;
        }
    }

    /** See {@link Effect#slowClose}. */
    record SlowClose(Duration after) implements Ending {
        public SlowClose {
            checkTime(after);
        }

        @Override
        public Set<Point> points() {
            return Points.WITHOUT_TLS;
        }
    }

    /** See {@link Effect#stall} and {@link Effect#stallThenClose}. */
    record Stall(Optional<Duration> closeAfter) implements Ending {
        public Stall {
            closeAfter.ifPresent(Effect::checkTime);
        }

        @Override
        public Set<Point> points() {
            return closeAfter.isPresent() ? Points.WITHOUT_TLS : Points.ALL;
        }
    }

    /** Where it makes sense. */
    Set<Point> points();

    /** Whether it can be done to such a reply; if not, the fault waits for the next match. */
    default boolean fits(Reply reply) {
        return true;
    }

    /** The same effect with everything decided that is a matter of chance. */
    default Effect drawn(SplittableRandom random) {
        return this;
    }

    /**
     * It takes this much longer, by the server's clock; other connections do not notice. Meanwhile no read timeout runs, and a client that closes is not noticed;
     * afterwards the client has its whole read timeout.
     *
     * <p>The client sees its reply that much later. {@code ON_CONNECT}: it is connected at once, but nothing that it sends is looked at before ({@code
     * acceptDelay}). {@code AFTER_REQUEST_LINE}: the same for the rest of the request. {@code BEFORE_APPLY}: the state changes later, so others may come first,
     * and a lease begins late. {@code AFTER_APPLY_BEFORE_REPLY}: the state has changed at once, and a lease that is granted runs while its reply is on the way.
     * {@code DURING_REPLY}: the first bytes come, and the rest that much later.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    static Effect latency(Duration delay) {
        return new Latency(new Delay.Fixed(delay));
    }

    /**
     * {@link #latency(Duration)} of a time between two, drawn each time.
     *
     * @throws IllegalArgumentException unless 0 <= low <= high
     */
    static Effect uniformLatency(Duration low, Duration high) {
        return new Latency(new Delay.Uniform(low, high));
    }

    /**
     * {@link #latency(Duration)} as networks have it, drawn each time; see {@link Delay.LogNormal}.
     *
     * @throws IllegalArgumentException unless 0 <= median <= max and 0 < sigma < 10
     */
    static Effect logNormalLatency(Duration median, double sigma, Duration max) {
        return new Latency(new Delay.LogNormal(median, sigma, max));
    }

    /**
     * The reply comes this long after the client's own timeout, counted from its request; for requests without a timeout, this long after the request.
     *
     * <p>A client that gave up and uses the connection again reads this reply as the answer to its next request.
     */
    static Effect lateReply(Duration after) {
        return new LateReply(after);
    }

    /**
     * The server closes the connection in order (FIN), and does not answer any more.
     *
     * <p>The client reads the end of the stream behind what was written by then; its next write still seems to succeed. The server then frees what the connection
     * holds, a slot granted just now included, unless auto-release is off. {@code ON_CONNECT} is what {@code --max-connections} does: accepted, then closed without
     * a byte. {@code ON_TLS_HANDSHAKE}: the handshake fails. {@code AFTER_REQUEST_LINE}, {@code BEFORE_APPLY}, {@code AFTER_APPLY_BEFORE_REPLY}: the end and nothing
     * else, so the client cannot tell them apart. {@code WHILE_QUEUED}: the same, behind {@code queued} if there is one, and its place is given up. {@code
     * DURING_REPLY}: the first bytes of a line and then the end. {@code AFTER_REPLY}: the reply, then the end; requests sent behind it are lost. {@code IDLE}: the end
     * without a request.
     */
    static Effect close() {
        return new Close();
    }

    /**
     * The server breaks the connection off (RST), and does not answer any more.
     *
     * <p>The client's read fails with "connection reset", at every phase where {@link #close} would let it read the end, and it may lose what it has not read: the
     * first bytes {@code DURING_REPLY}, and even the whole reply {@code AFTER_REPLY}. {@code ON_CONNECT}: its
     * connect may fail already. {@code ON_TLS_HANDSHAKE}: the handshake fails. What this means for the state is
     * the same as with {@link #close}.
     */
    static Effect reset() {
        return new Reset();
    }

    /**
     * Half-open: the server shuts its sending side, and reads on without looking at what it reads.
     *
     * <p>The client reads what {@link #close} at the same phase would let it read, and then the end of the stream, while all its writes succeed. The server keeps what
     * the connection holds until the client closes or the lease ends, and no read timeout runs. {@code WHILE_QUEUED}: the place stays too; a grant comes to it, and its
     * reply to nobody. Not {@code ON_TLS_HANDSHAKE}.
     */
    static Effect shutdownOutput() {
        return new ShutdownOutput();
    }

    /**
     * The connection stays open, and nothing happens on it any more: no bytes, no end, until {@link FaultHandle#release}.
     *
     * <p>The client waits, {@code DURING_REPLY} behind the first bytes of a line. The server keeps what the connection holds until its leases end, and its place in a
     * queue; no read timeout runs, and a client that closes is not noticed, on V2 neither. After a release it goes on where it stopped: before the request is looked at
     * or carried out, or with the reply that was decided. {@code WHILE_QUEUED}: a grant is held back, and its lease runs. {@code AFTER_REPLY} and {@code IDLE}: the
     * client waits for the reply to its next request. {@code ON_TLS_HANDSHAKE} is different: the client's handshake gets no answer until the server's read timeout
     * closes the connection; a release changes nothing.
     */
    static Effect stall() {
        return new Stall(Optional.empty());
    }

    /** {@link #stall} for this long by the server's clock, then {@link #close}, unless it is released before. Not {@code ON_TLS_HANDSHAKE}. */
    static Effect stallThenClose(Duration after) {
        return new Stall(Optional.of(after));
    }

    /**
     * The server lets go of the connection at once, and of what it holds, but the end of the stream reaches the client this much later.
     *
     * <p>The client believes in its connection, and in what it holds, for that long: it waits, its writes succeed, and then it reads what {@link #close} at the same
     * phase would have let it read. Not {@code ON_TLS_HANDSHAKE}.
     */
    static Effect slowClose(Duration after) {
        return new SlowClose(after);
    }

    /** See {@link StateEffect#expireLease}. */
    static Effect expireLease() {
        return StateEffect.expireLease();
    }

    private static void checkTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
    }
}

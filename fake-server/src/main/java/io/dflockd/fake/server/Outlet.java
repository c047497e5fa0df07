package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.engine.TimerQueue.Timer;
import io.dflockd.fake.fault.Piece;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session sends: in one piece or in several over time, to a peer that may not take it, over a network that may be cut.
 *
 * <p>Belongs to one session and is used under the driver's lock.
 */
final class Outlet {

    /** As much as a machine would keep of what does not get through. */
    private static final int MOST_HELD_BACK = 256 * 1024;

    private final EngineDriver driver;
    private final Wire wire;
    private final Runnable abort;
    private final List<Runnable> heldBack = new ArrayList<>();
    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
    private int toJoin;
    private long heldBytes;
    private boolean cut;
    private boolean deaf;
    private @Nullable Timer writeTimeout;
    private @Nullable Timer nextPiece;

    /** An outlet that aborts if the peer does not take what is written in the write timeout. */
    Outlet(EngineDriver driver, Wire wire, Runnable abort) {
        this.driver = driver;
        this.wire = wire;
        this.abort = abort;
    }

    /** Sends these bytes now, behind what was to be joined. */
    void write(byte[] bytes) {
        unjoin();
        send(bytes);
    }

    private void send(byte[] bytes) {
        if (cut) {
            heldBytes += bytes.length;
            heldBack.add(() -> send(bytes));
            return;
        }
        wire.write(bytes);
        if (wire.isCongested() && writeTimeout == null) {
            writeTimeout = driver.timers()
                    .schedule(driver.after(driver.options().writeTimeout()), at -> {
                        writeTimeout = null;
                        abort.run();
                    });
        }
    }

    /** Sends a whole reply, together with others if they are to be joined. */
    void writeReply(byte[] bytes) {
        if (toJoin == 0) {
            send(bytes);
            return;
        }
        joined.writeBytes(bytes);
        if (--toJoin == 0) {
            unjoin();
        }
    }

    /** From now on so many replies go into one write, unless something else is to be sent before that, or the stream ends. */
    void join(int replies) {
        toJoin = replies;
    }

    private void unjoin() {
        toJoin = 0;
        if (joined.size() > 0) {
            byte[] together = joined.toByteArray();
            joined.reset();
            send(together);
        }
    }

    /** Sends the pieces, each at its time and if the peer has taken the one before, and then goes on. */
    void write(Iterator<Piece> pieces, Runnable then) {
        write(driver.now(), pieces, then);
    }

    /** Each piece is due so long after the one before was due: a clock that is looked at late does not make the whole slower. */
    private void write(long start, Iterator<Piece> pieces, Runnable then) {
        while (pieces.hasNext()) {
            Piece piece = pieces.next();
            if (!piece.before().isZero()) {
                await(Deadline.after(start, Deadline.nanos(piece.before())), piece, pieces, then);
                return;
            }
            write(piece.bytes());
        }
        then.run();
    }

    private void await(long deadline, Piece piece, Iterator<Piece> pieces, Runnable then) {
        nextPiece = driver.timers().schedule(deadline, at -> {
            nextPiece = null;
            if (wire.isBroken()) {
                abort.run();
            } else if (isFull()) {
                await(driver.after(piece.before()), piece, pieces, then);
            } else {
                write(piece.bytes());
                write(deadline, pieces, then);
            }
        });
    }

    /** Whether the peer, or the network that is cut, takes no more for now. */
    private boolean isFull() {
        return wire.isCongested() || heldBytes > MOST_HELD_BACK;
    }

    boolean isCongested() {
        return wire.isCongested();
    }

    /** The peer takes bytes again; says whether it has taken all. */
    boolean flush() {
        if (cut) {
            return false;
        }
        wire.flush();
        if (wire.isCongested()) {
            return false;
        }
        cancelWriteTimeout();
        return true;
    }

    /** Ends the stream behind what is written. */
    void close() {
        unjoin();
        passOn(wire::close);
    }

    /** Breaks the connection off. */
    void reset() {
        passOn(wire::reset);
    }

    /** Ends the stream in this direction only. */
    void shutdown() {
        unjoin();
        passOn(wire::shutdownOutput);
    }

    private void passOn(Runnable action) {
        if (cut) {
            heldBack.add(action);
        } else {
            action.run();
        }
    }

    /** The network is cut: nothing gets through in either direction, and nobody is told. */
    void cut() {
        cut = true;
        wire.pauseReading();
        wire.pauseWriting();
    }

    /** Whether the peer is listened to, unless the network is cut. */
    void listen(boolean on) {
        if (deaf == on && !cut) {
            deaf = !on;
            if (on) {
                wire.resumeReading();
            } else {
                wire.pauseReading();
            }
        }
    }

    boolean isCut() {
        return cut;
    }

    /** The network works again, and what was under way arrives. */
    void heal() {
        cut = false;
        deaf = false;
        List<Runnable> late = List.copyOf(heldBack);
        heldBack.clear();
        wire.resumeWriting();
        heldBytes = 0;
        late.forEach(Runnable::run);
        wire.resumeReading();
    }

    /** No piece more; only what is written and not taken may still take its time. */
    void stop() {
        if (nextPiece != null) {
            driver.timers().cancel(nextPiece);
            nextPiece = null;
        }
        if (!wire.isCongested()) {
            cancelWriteTimeout();
        }
    }

    /** Ends everything at once. */
    void drop() {
        stop();
        cancelWriteTimeout();
        if (wire.isCongested()) {
            wire.reset();
        } else {
            wire.close();
        }
    }

    private void cancelWriteTimeout() {
        if (writeTimeout != null) {
            driver.timers().cancel(writeTimeout);
            writeTimeout = null;
        }
    }
}

package io.dflockd.fake.server;

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

    private final EngineDriver driver;
    private final Wire wire;
    private final Runnable abort;
    private final List<Runnable> heldBack = new ArrayList<>();
    private final ByteArrayOutputStream joined = new ByteArrayOutputStream();
    private int toJoin;
    private boolean cut;
    private @Nullable Timer writeTimeout;
    private @Nullable Timer nextPiece;

    /** An outlet that aborts if the peer does not take what is written in the write timeout. */
    Outlet(EngineDriver driver, Wire wire, Runnable abort) {
        this.driver = driver;
        this.wire = wire;
        this.abort = abort;
    }

    /** Sends these bytes now. */
    void write(byte[] bytes) {
        if (cut) {
            heldBack.add(() -> write(bytes));
            return;
        }
        wire.write(bytes);
        if (wire.isCongested() && writeTimeout == null) {
            writeTimeout = driver.timers().schedule(driver.deadlineOfWrite(), at -> {
                writeTimeout = null;
                abort.run();
            });
        }
    }

    /** Sends a whole reply, together with others if they are to be joined. */
    void writeReply(byte[] bytes) {
        if (toJoin == 0) {
            write(bytes);
            return;
        }
        joined.writeBytes(bytes);
        if (--toJoin == 0) {
            write(joined.toByteArray());
            joined.reset();
        }
    }

    /** From now on so many replies go into one write. */
    void join(int replies) {
        toJoin = replies;
    }

    /** Sends the pieces, each at its time and if the peer has taken the one before, and then goes on. */
    void write(Iterator<Piece> pieces, Runnable then) {
        if (!pieces.hasNext()) {
            then.run();
            return;
        }
        Piece piece = pieces.next();
        if (piece.before().isZero()) {
            write(piece.bytes());
            write(pieces, then);
        } else {
            long deadline = driver.after(piece.before());
            nextPiece = driver.timers().schedule(deadline, at -> continueWith(piece, pieces, then));
        }
    }

    private void continueWith(Piece piece, Iterator<Piece> pieces, Runnable then) {
        nextPiece = null;
        if (!wire.isCongested()) {
            write(piece.bytes());
            write(pieces, then);
            return;
        }
        long later = driver.after(piece.before());
        nextPiece = driver.timers().schedule(later, at -> continueWith(piece, pieces, then));
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
        passOn(wire::close);
    }

    /** Breaks the connection off. */
    void reset() {
        passOn(wire::reset);
    }

    /** Ends the stream in this direction only. */
    void shutdown() {
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

    boolean isCut() {
        return cut;
    }

    /** The network works again, and what was under way arrives. */
    void heal() {
        cut = false;
        List<Runnable> late = List.copyOf(heldBack);
        heldBack.clear();
        wire.resumeWriting();
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

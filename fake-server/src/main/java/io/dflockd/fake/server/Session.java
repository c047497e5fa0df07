package io.dflockd.fake.server;

import io.dflockd.fake.engine.Deadline;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.ReplyWriter;
import io.dflockd.fake.protocol.RequestParser;
import io.dflockd.fake.protocol.RequestParser.Progress;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;

/**
 * One connection as the server lives it: framing, one request at a time, read timeout, half-close (PROTOCOL.md sections 1 and 3).
 *
 * <p>As V1 does, it looks at nothing the peer sends, not even its end, while a command blocks; with V2 it gives up then. The public methods tell what the peer did; they are safe from
 * any thread, and what follows from them has happened when they return.
 */
public final class Session implements Receiver {

    /** How much may be sent ahead behind a blocked command before the wire is asked to read no more. */
    static final int MOST_AHEAD = 4096;

    private static final int LINES = 3;

    private final long number;
    private final EngineDriver driver;
    private final Wire wire;
    private final RequestParser parser;
    private final Outlet out;
    private final Exchanges exchanges;
    private final ReadTimeout readTimeout;
    private final Hold hold;
    private boolean busy;
    private boolean muted;
    private boolean stepping;
    private boolean inputEnded;
    private boolean broken;
    private boolean closed;
    private boolean toldLate;

    Session(long number, EngineDriver driver, Wire wire, Gate gate) {
        this.number = number;
        this.driver = driver;
        this.wire = wire;
        this.parser = new RequestParser(driver.profile());
        this.out = new Outlet(driver, wire, this::abort);
        this.exchanges = new Exchanges(this, driver, parser, out, gate);
        this.hold = new Hold(driver, this);
        this.readTimeout = new ReadTimeout(driver, this::isListening, this::refuse);
    }

    /** The server's number of the connection, from 1. */
    public long number() {
        return number;
    }

    boolean isFrom(String peer) {
        return wire.peer().equals(peer);
    }

    /** Its requests. */
    Exchanges exchanges() {
        return exchanges;
    }

    /** What keeps it from going on. */
    Hold hold() {
        return hold;
    }

    /** The peer sent these bytes. */
    @Override
    public void received(byte[] bytes, int offset, int length) {
        driver.inside(() -> {
            if (!closed && !muted) {
                if (driver.backend().received(this, bytes, offset, length)) {
                    parser.append(bytes, offset, length);
                }
                driver.ready(this);
            }
        });
    }

    /** The peer will send no more. */
    @Override
    public void endOfStream() {
        driver.inside(() -> {
            inputEnded = true;
            driver.ready(this);
        });
    }

    /** The peer broke the connection off: nothing that waits for its turn can be answered any more. */
    @Override
    public void reset() {
        driver.inside(() -> {
            broken = true;
            driver.ready(this);
        });
    }

    /** The peer takes bytes again, after the wire was congested. */
    @Override
    public void writable() {
        driver.inside(() -> {
            if (out.flush() && !closed) {
                readTimeout.begin();
                driver.ready(this);
            }
        });
    }

    /** The connection begins; from now on the peer has its time for the first line. */
    void open() {
        readTimeout.begin();
        busy = true;
        exchanges.strikes().onConnection(Point.ON_CONNECT, this::listen);
    }

    /** If nothing is under way, a fault that waits for that strikes. */
    void strikeIfIdle() {
        if (!closed && !busy && !broken && !inputEnded && !out.isCongested() && parser.isBetweenRequests()) {
            busy = true;
            exchanges.strikes().onConnection(Point.IDLE, this::stayIdle);
        }
    }

    private void stayIdle() {
        busy = false;
        readTimeout.resume();
        if (!stepping) {
            driver.ready(this);
        }
    }

    /** The peer has its time for the next line. */
    private void listen() {
        busy = false;
        readTimeout.begin();
        if (!stepping) {
            driver.ready(this);
        }
    }

    /** Goes on as far as it can: until bytes are missing, a command blocks, or the connection is closed. */
    void proceed() {
        if (stepping) {
            return;
        }
        stepping = true;
        try {
            boolean moved = true;
            while (moved && !closed && !out.isCut() && isListening()) {
                moved = step();
            }
        } finally {
            stepping = false;
        }
        if (muted && (inputEnded || broken) && !closed) {
            close();
        }
        driver.backend().settled(this);
        // What is there while a line is waited for is a part of it: a secret may be long (V2), and the rest of it must
        // come.
        boolean tooMuch = !muted && !isListening() && driver.backend().isTooMuch(this, parser.buffered());
        if (!closed && exchanges.isGivenUp(inputEnded || broken, tooMuch)) {
            close();
        }
        if (!closed) {
            out.listen(!tooMuch);
        }
    }

    /** Whether it waits for the peer to send a line, or takes one that was sent ahead. */
    private boolean isListening() {
        return !busy && !out.isCongested() && !wire.isSated();
    }

    private boolean step() {
        if (broken) {
            close();
            return false;
        }
        Progress progress = parser.next();
        if (progress == Progress.INCOMPLETE && inputEnded) {
            progress = parser.last();
        }
        switch (progress) {
            case LINE -> afterLine(parser.lines(), this::listen);
            case REQUEST -> {
                Command command = parser.command();
                afterLine(LINES, () -> exchanges.begin(command));
            }
            case TOO_LONG -> driver.backend().unreadable(this);
            case NO_TEXT -> close();
            case INCOMPLETE -> {
                if (inputEnded && driver.backend().isServer()) {
                    close();
                }
                return false;
            }
        }
        return true;
    }

    private void afterLine(int line, Runnable goOn) {
        busy = true;
        exchanges.strikes().onLine(line, parser, goOn);
    }

    /** The exchange is over, and the peer has its time for the next line. */
    void finish() {
        driver.backend().finished(this);
        listen();
        strikeIfIdle();
    }

    /** From now on the peer is sent the end of the stream, and whatever it says is not listened to. */
    void mute() {
        muted = true;
        busy = true;
        out.shutdown();
        driver.ready(this);
    }

    boolean isMuted() {
        return muted;
    }

    /** The network between it and its peer is cut, or works again. */
    void partition(boolean cut) {
        if (cut) {
            out.cut();
        } else if (out.isCut()) {
            out.heal();
            driver.ready(this);
            if (closed && !toldLate) {
                driver.sessions().lingered(this);
            }
        }
    }

    /** Nothing more that the peer sends is read as requests. */
    void readNoMore() {
        busy = true;
    }

    /** Says {@code error} and closes. */
    void refuse() {
        if (exchanges.isLetIn()) {
            out.write(ReplyWriter.write(new Reply.Refused(Status.ERROR)));
            close();
        } else {
            busy = true;
            exchanges.turnAway();
        }
    }

    /** The peer did not take what was written to it. */
    private void abort() {
        if (closed) {
            out.reset();
        } else {
            breakOff();
        }
    }

    void breakOff() {
        out.reset();
        end();
    }

    void close() {
        out.close();
        end();
    }

    /** The connection is over for the server; only what is still to be sent may take its time. */
    private void end() {
        forget();
        driver.gone(this);
        if (out.isCut()) {
            driver.linger(this, Deadline.NEVER);
        }
    }

    /** The connection is over for the server, and the peer is told later. */
    void letGo(Duration after) {
        forget();
        toldLate = true;
        driver.gone(this);
        driver.linger(this, driver.after(after));
    }

    /** Tells the peer at last that it is over, if the network lets it. */
    void closeLate() {
        toldLate = false;
        out.close();
        if (!out.isCut()) {
            driver.sessions().lingered(this);
        }
    }

    /** Cut off by the server itself, when it resets or stops. */
    void cut() {
        forget();
        out.drop();
    }

    /** The server has crashed; the peer hears of it as soon as the network lets it. */
    void crash() {
        if (out.isCut()) {
            forget();
            closeLate();
            driver.linger(this, Deadline.NEVER);
        } else {
            cut();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Whether the peer has broken the connection off. */
    boolean isBroken() {
        return broken;
    }

    /** Whether the peer sends no more. */
    boolean isInputEnded() {
        return inputEnded;
    }

    /** Whether a fault is at work, and nothing else must happen. */
    boolean isHeld() {
        return busy && !exchanges.isWaiting();
    }

    /** Nothing that the peer does counts any more. */
    private void forget() {
        closed = true;
        out.stop();
        readTimeout.cancel();
        hold.end();
        exchanges.strikes().end();
        exchanges.over();
    }
}

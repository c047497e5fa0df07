package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import io.dflockd.fake.engine.TimerQueue.Timer;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the server behind, for one session: takes bytes both ways, unchanged and in order.
 *
 * <p>A request goes on when it is complete and no fault holds it; while no fault is armed, each of its lines as it comes, as the server's read timeout is for
 * lines. What is sent ahead goes on request by request, after the reply to the one before, so that faults find them; but at once if it is more than 4,096 bytes,
 * or the client sends no more. Whatever is no request goes on as it is, and so does everything behind it; with TLS, that is all from the first byte on.
 */
final class Relay implements Receiver {

    /** The time limit for connecting. */
    static final Duration CONNECT = Duration.ofSeconds(10);

    /** A request that may wait has a place in a queue if there is no reply after so long. */
    static final Duration QUEUED = Duration.ofMillis(50);

    /** No request is longer: three lines, of which one may be a secret of V2. */
    private static final int LONGEST_REQUEST = 70_000;

    /** A line of the server that is longer is passed on piece by piece. */
    private static final int LONGEST_REPLY = 16 << 20;

    /** The first byte of a client that speaks TLS (RFC 8446 section 5.1); no command begins with it. */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** What is kept at most of what the server says and the client does not take. */
    private static final int MOST_KEPT = 64 * 1024;

    private final EngineDriver driver;
    private final Session session;
    private final Exchanges exchanges;
    private final ByteQueue toServer = new ByteQueue();
    private final ByteQueue toClient = new ByteQueue();
    private @Nullable Wire wire;
    private @Nullable Timer connectTimeout;
    private @Nullable Timer queueTimer;
    private long requestStart;
    private boolean connected;
    private boolean plain;
    private boolean secure;
    private boolean shut;
    private boolean paused;
    private boolean serverEnded;
    private boolean serverBroke;
    private boolean over;

    Relay(EngineDriver driver, Session session) {
        this.driver = driver;
        this.session = session;
        this.exchanges = session.exchanges();
    }

    void connect(Connector connector, InetSocketAddress server) {
        try {
            wire = connector.connect(server, this);
            if (!connected) {
                connectTimeout = driver.timers().schedule(driver.after(CONNECT), at -> reset());
            }
        } catch (IOException e) {
            LOG.debug("{} cannot be reached: {}", server, e.toString());
            serverBroke = true;
            driver.ready(session);
        }
    }

    /** The client sent these bytes. Says whether requests are to be found in them. */
    boolean fromClient(byte[] bytes, int offset, int length) {
        if (length > 0 && toServer.taken() + toServer.size() == 0) {
            secure = bytes[offset] == TLS_HANDSHAKE;
        }
        toServer.append(bytes, offset, length);
        return !plain && !secure;
    }

    /** No fault holds the request any more. */
    void forward(Command command) {
        send(toServer.takeUpTo(exchanges.taken()));
        if (mayWait(command) && exchanges.strikes().isFor(Point.WHILE_QUEUED)) {
            queueTimer = driver.timers().schedule(driver.after(QUEUED), at -> {
                queueTimer = null;
                exchanges.queued();
            });
        }
    }

    private static boolean mayWait(Command command) {
        return (command instanceof Command.Acquire acquire && acquire.timeoutSeconds() > 0)
                || (command instanceof Command.Await await && await.timeoutSeconds() > 0);
    }

    /** The exchange is over. A request that was not forwarded never will be. */
    void finished() {
        requestStart = exchanges.taken();
        toServer.takeUpTo(requestStart);
    }

    boolean isUnderWay() {
        return toServer.taken() > requestStart;
    }

    /** From now on everything goes on as it comes. */
    void passThrough() {
        plain = true;
        session.readNoMore();
    }

    boolean isTooMuch(int buffered) {
        int kept = secure ? toServer.size() : buffered;
        return kept > MOST_KEPT || (wire != null && wire.isCongested());
    }

    /** The session has gone as far as it can: whatever may go on goes on. */
    void settle() {
        if (secure && !plain && !session.isHeld()) {
            passThrough(); // Not before a fault on connecting lets go.
        }
        boolean free = !over && (plain || !session.isHeld()) && !exchanges.out().isCut();
        if (free && session.isBroken()) {
            session.close();
        } else if (free) {
            passAhead();
            if (!exchanges.out().isCongested()) {
                deliver();
            }
        }
        throttle();
    }

    private void passAhead() {
        boolean waiting = exchanges.isWaiting();
        if (!waiting && toServer.size() > LONGEST_REQUEST) {
            passThrough();
        }
        if (plain || session.isInputEnded() || (waiting && toServer.size() > Session.MOST_AHEAD)) {
            send(toServer.take(Long.MAX_VALUE));
        } else if (!waiting && !driver.faults().isAnyArmed()) {
            send(toServer.takeUpTo(exchanges.taken()));
        }
        if (session.isInputEnded() && !shut && wire != null) {
            shut = true;
            wire.shutdownOutput();
        }
    }

    private void send(byte[] bytes) {
        if (bytes.length > 0 && wire != null) {
            wire.write(bytes);
        }
    }

    private void deliver() {
        boolean waiting = exchanges.isWaiting() && !plain;
        int line = waiting ? toClient.lineLength() : 0;
        if (line > 0) {
            cancelQueueTimer();
            exchanges.answer(toClient.take(line));
            driver.ready(session);
            return;
        }
        boolean last = serverEnded || serverBroke;
        if (toClient.size() > LONGEST_REPLY) {
            passThrough();
        }
        if (toClient.size() > 0 && (!waiting || plain || last)) {
            exchanges.out().write(toClient.take(Long.MAX_VALUE));
        }
        if (serverBroke) {
            session.breakOff();
        } else if (serverEnded) {
            session.close();
        }
    }

    /** The server is not to say more than the client takes. */
    private void throttle() {
        boolean stuck =
                session.isHeld() || exchanges.out().isCut() || exchanges.out().isCongested();
        boolean tooMuch = stuck && toClient.size() > MOST_KEPT;
        if (tooMuch != paused && !over && wire != null) {
            paused = tooMuch;
            if (paused) {
                wire.pauseReading();
            } else {
                wire.resumeReading();
            }
        }
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        heard(() -> toClient.append(bytes, offset, length));
    }

    @Override
    public void endOfStream() {
        heard(() -> serverEnded = true);
    }

    /** The server broke the connection off, or it could not be made. */
    @Override
    public void reset() {
        heard(() -> serverBroke = true);
    }

    @Override
    public void writable() {
        heard(() -> {
            connected = true;
            cancelConnectTimeout();
            if (wire != null) {
                wire.flush();
            }
        });
    }

    private void heard(Runnable what) {
        driver.inside(() -> {
            if (!over) {
                what.run();
                driver.ready(session);
            }
        });
    }

    /** The client is gone, or must be for the server. */
    void end() {
        over = true;
        cancelConnectTimeout();
        cancelQueueTimer();
        if (wire == null) {
            return;
        }
        if (session.isBroken() || wire.isCongested()) {
            wire.reset();
        } else {
            wire.close();
        }
    }

    private void cancelConnectTimeout() {
        if (connectTimeout != null) {
            driver.timers().cancel(connectTimeout);
            connectTimeout = null;
        }
    }

    private void cancelQueueTimer() {
        if (queueTimer != null) {
            driver.timers().cancel(queueTimer);
            queueTimer = null;
        }
    }
}

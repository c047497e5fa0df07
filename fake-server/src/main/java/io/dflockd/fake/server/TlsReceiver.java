package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * Opens what comes over TLS for a session, which sees nothing of it. The peer's first bytes begin the handshake, and what it sends drives it.
 *
 * <p>Keeps no more than one unfinished record. Belongs to the loop's thread; the engine is used under the driver's lock, as others write meanwhile, but for its
 * long computations.
 */
final class TlsReceiver implements Receiver {

    private static final byte[] NONE = {};
    private static final byte[] PLAIN_REPLY = "error\n".getBytes(StandardCharsets.US_ASCII);

    /** A record of TLS 1.2: a fatal alert, {@code handshake_failure} (RFC 8446 section 6). */
    private static final byte[] HANDSHAKE_FAILURE = {21, 3, 3, 0, 2, 2, 40};

    private final EngineDriver driver;
    private final TlsPort port;
    private final TlsWire wire;
    private final Session session;
    private Optional<SSLEngine> engine = Optional.empty();
    private byte[] unread = NONE;
    private boolean deaf;

    /** A new connection that begins with a handshake. */
    static TlsReceiver accept(EngineDriver driver, TlsPort port, SocketWire socket) {
        TlsWire wire = new TlsWire(socket, port);
        return new TlsReceiver(driver, port, wire, driver.accept(wire));
    }

    TlsReceiver(EngineDriver driver, TlsPort port, TlsWire wire, Session session) {
        this.driver = driver;
        this.port = port;
        this.wire = wire;
        this.session = session;
    }

    @Override
    public void received(byte[] bytes, int offset, int length) {
        byte[] all = Arrays.copyOf(unread, unread.length + length);
        System.arraycopy(bytes, offset, all, unread.length, length);
        ByteBuffer input = ByteBuffer.wrap(all);
        unread = NONE;
        boolean computing = true;
        while (computing) {
            driver.enter();
            try {
                computing = take(input);
            } finally {
                driver.leave();
            }
            if (computing) {
                compute();
            }
        }
        if (!deaf) {
            unread = Arrays.copyOfRange(all, input.position(), all.length);
        }
    }

    /** Whether the engine has to compute something before it can go on. */
    private boolean take(ByteBuffer input) {
        deaf |= wire.isClosed();
        try {
            if (!deaf && engine.isEmpty()) {
                begin();
            }
            return !deaf && advance(engine.orElseThrow(), input);
        } catch (SSLException e) {
            LOG.debug("TLS with connection {} failed: {}", session.number(), e.toString());
            partWith(NONE);
            return false;
        }
    }

    private void compute() {
        SSLEngine tls = engine.orElseThrow();
        for (Runnable task = tls.getDelegatedTask(); task != null; task = tls.getDelegatedTask()) {
            task.run();
        }
    }

    private void begin() throws SSLException {
        TlsHandshake handshake = port.next(session.number());
        switch (handshake) {
            case NORMAL, EXPIRED_CERTIFICATE, WRONG_HOST -> {
                SSLEngine tls = port.engineFor(handshake);
                tls.beginHandshake();
                engine = Optional.of(tls);
                wire.begin(tls);
            }
            case FAIL -> partWith(HANDSHAKE_FAILURE);
            case PLAIN_TEXT -> partWith(PLAIN_REPLY);
            case CLOSE -> partWith(NONE);
            case STALL -> deaf = true;
            case RESET -> {
                wire.reset();
                partWith(NONE);
            }
        }
    }

    /** Listens no more; the peer is told why, and the session closes as soon as it may. */
    private void partWith(byte[] last) {
        deaf = true;
        wire.sendLast(last);
        session.reset();
    }

    private boolean advance(SSLEngine tls, ByteBuffer input) throws SSLException {
        boolean moved = true;
        while (moved && !deaf) {
            HandshakeStatus status = tls.getHandshakeStatus();
            if (status == HandshakeStatus.NEED_TASK) {
                return true;
            }
            if (status == HandshakeStatus.NEED_WRAP) {
                moved = wire.sealNext();
            } else {
                if (status == HandshakeStatus.NOT_HANDSHAKING && wire.settle()) {
                    session.writable();
                }
                moved = input.hasRemaining() && open(tls, input);
            }
        }
        return false;
    }

    /** Opens one record, if all of it is there. */
    private boolean open(SSLEngine tls, ByteBuffer input) throws SSLException {
        ByteBuffer plain = port.plain(tls);
        SSLEngineResult result;
        try {
            result = tls.unwrap(input, plain);
        } catch (RuntimeException e) {
            throw new SSLException("what came could not be opened", e);
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLException("a record is longer than the engine said");
        }
        int length = plain.position();
        if (length > 0) {
            byte[] bytes = new byte[length];
            plain.flip().get(bytes);
            session.received(bytes, 0, length);
        }
        if (result.getStatus() == Status.CLOSED) {
            deaf = true;
            session.endOfStream();
        }
        return result.bytesConsumed() > 0 || tls.getHandshakeStatus() == HandshakeStatus.NEED_TASK;
    }

    @Override
    public void endOfStream() {
        session.endOfStream();
    }

    @Override
    public void reset() {
        session.reset();
    }

    @Override
    public void writable() {
        session.writable();
    }
}

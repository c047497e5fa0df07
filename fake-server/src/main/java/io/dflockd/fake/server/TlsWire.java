package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Seals what a session writes, and hands it to the socket. What is written before the handshake is done waits for that; a close does not. */
final class TlsWire implements Wire {

    private static final byte[] NONE = {};
    private static final ByteBuffer NOTHING = ByteBuffer.wrap(NONE);

    /** An engine that ends says so in one or two. */
    private static final int MOST_LAST_RECORDS = 4;

    private final SocketWire socket;
    private final TlsPort port;
    private Optional<SSLEngine> engine = Optional.empty();
    private byte[] held = NONE;
    private boolean established;
    private boolean closed;

    TlsWire(SocketWire socket, TlsPort port) {
        this.socket = socket;
        this.port = port;
    }

    /** The handshake begins. */
    void begin(SSLEngine tls) {
        engine = Optional.of(tls);
    }

    /** The handshake is done, for the first time or again. Whether something had waited for that, and has gone out. */
    boolean settle() throws SSLException {
        established = true;
        if (held.length == 0) {
            return false;
        }
        byte[] late = held;
        held = NONE;
        sealAll(engine.orElseThrow(), late);
        return true;
    }

    @Override
    public void write(byte[] bytes) {
        if (!established || held.length > 0) {
            int waiting = held.length;
            held = Arrays.copyOf(held, waiting + bytes.length);
            System.arraycopy(bytes, 0, held, waiting, bytes.length);
            return;
        }
        try {
            sealAll(engine.orElseThrow(), bytes);
        } catch (SSLException e) {
            LOG.debug("sealing a reply failed, the connection will end: {}", e.toString());
            sendLast(NONE);
        }
    }

    private void sealAll(SSLEngine tls, byte[] bytes) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            SSLEngineResult result = seal(tls, source);
            if (result.getStatus() == Status.CLOSED) {
                return;
            }
            if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
                held = Arrays.copyOfRange(bytes, source.position(), bytes.length);
                return;
            }
        }
    }

    /** Makes the record that the engine wants, and sends it, if there is one. */
    boolean sealNext() throws SSLException {
        return seal(engine.orElseThrow(), NOTHING).bytesProduced() > 0;
    }

    /** Makes one record, and sends it. */
    private SSLEngineResult seal(SSLEngine tls, ByteBuffer source) throws SSLException {
        ByteBuffer sealed = port.sealed(tls);
        SSLEngineResult result;
        try {
            result = tls.wrap(source, sealed);
        } catch (RuntimeException e) {
            throw new SSLException("what is to be sent could not be sealed", e);
        }
        if (sealed.position() > 0) {
            byte[] record = new byte[sealed.position()];
            sealed.flip().get(record);
            socket.write(record);
        }
        return result;
    }

    /** Sends what the engine has to say at its end, and this, as it is. */
    void sendLast(byte[] unsealed) {
        boolean more = engine.isPresent();
        for (int i = 0; i < MOST_LAST_RECORDS && more; i++) {
            try {
                more = sealNext();
            } catch (SSLException again) {
                LOG.trace("nothing more can be said: {}", again.toString());
            }
        }
        if (unsealed.length > 0) {
            socket.write(unsealed);
        }
    }

    /** Says goodbye and waits for no answer. Before the handshake is done there is nobody to say it to. */
    @Override
    public void close() {
        if (!closed && established) {
            engine.ifPresent(SSLEngine::closeOutbound);
            sendLast(NONE);
        }
        closed = true;
        socket.close();
    }

    @Override
    public String peer() {
        return socket.peer();
    }

    @Override
    public void shutdownOutput() {
        if (established) {
            engine.ifPresent(SSLEngine::closeOutbound);
            sendLast(NONE);
        }
        socket.shutdownOutput();
    }

    @Override
    public void reset() {
        closed = true;
        socket.reset();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isCongested() {
        return socket.isCongested() || (established && held.length > 0);
    }

    @Override
    public boolean isSated() {
        return socket.isSated();
    }

    @Override
    public boolean isBroken() {
        return socket.isBroken();
    }

    @Override
    public void flush() {
        socket.flush();
    }

    @Override
    public void pauseReading() {
        socket.pauseReading();
    }

    @Override
    public void resumeReading() {
        socket.resumeReading();
    }

    @Override
    public void pauseWriting() {
        socket.pauseWriting();
    }

    @Override
    public void resumeWriting() {
        socket.resumeWriting();
    }
}

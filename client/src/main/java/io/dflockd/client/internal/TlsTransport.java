package io.dflockd.client.internal;

import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A TCP connection with TLS. It is closed by closing the channel below, since {@link SSLSocket#close} may hang behind a blocked write (DESIGN rule 11).
 */
final class TlsTransport implements Transport {

    /** What a look for unread bytes may take. */
    private static final long SHORTEST = 1_000_000;

    private final DeadlineSocket below;
    private final InputStream in;
    private final OutputStream out;
    private final WatchedChannel.Stays watching;

    private TlsTransport(SocketChannel channel, DeadlineSocket below, SSLSocket socket) throws IOException {
        this.below = below;
        this.watching = new WatchedChannel.Stays(channel, below::listen);
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Shakes hands and checks that the certificate is for the host that was asked for; closes the channel if anything is wrong. */
    static TlsTransport open(
            SocketChannel channel,
            SSLContext trust,
            ServerAddress server,
            long timeoutNanos,
            Consumer<Closeable> opening)
            throws IOException {
        try {
            if (timeoutNanos <= 0) {
                throw new SocketTimeoutException("no time is left for the TLS handshake");
            }
            DeadlineSocket below = new DeadlineSocket(channel);
            opening.accept(below); // which wakes a virtual thread that reads, too
            below.limit(timeoutNanos);
            SSLSocket socket =
                    (SSLSocket) trust.getSocketFactory().createSocket(below, server.host(), server.port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new TlsTransport(channel, below, socket);
        } catch (IOException e) {
            channel.close();
            throw explained(unwrapped(e));
        } catch (RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (SSLException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, long timeoutNanos) throws IOException {
        try {
            below.limit(Math.max(timeoutNanos, SHORTEST));
            return in.read(buffer, offset, length);
        } catch (SSLException e) {
            throw unwrapped(e);
        }
    }

    /** Costs a millisecond: only by reading can be told whether bytes mean anything, because TLS 1.3 sends some of its own. */
    @Override
    public boolean isQuiet() {
        try {
            read(new byte[1], 0, 1, 0);
            return false;
        } catch (SocketTimeoutException quiet) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void watch(IdleWatch watch, IdleListener listener) {
        watching.begin(watch, listener);
    }

    @Override
    public void unwatch() throws IOException {
        watching.beginToEnd();
        watching.end();
    }

    @Override
    public void close() {
        watching.close(below);
    }

    /** Says what the JDK's message leaves to be guessed: that it is about TLS, and what about the certificate. */
    private static IOException explained(IOException e) {
        if (!(e instanceof SSLException)) {
            return e;
        }
        Throwable deepest = e;
        boolean certificate = false;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
            certificate |= deepest instanceof GeneralSecurityException;
        }
        return new SSLException(
                certificate
                        ? "the server's TLS certificate is refused: "
                                + deepest.getClass().getSimpleName() + ": " + deepest.getMessage()
                        : "the TLS handshake failed: " + e.getMessage() + "; is that a port with TLS?",
                e);
    }

    /** An interrupt shows as the cause of an {@link SSLException}. */
    private static IOException unwrapped(IOException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedByInterruptException interrupt) {
                return interrupt;
            }
        }
        return e;
    }
}

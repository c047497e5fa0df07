package io.dflockd.fake;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A plain socket that sees bytes, each as one character of ISO 8859-1. It reads ahead nothing. */
final class ByteClient implements Closeable {

    static final String END = "end of stream";
    static final String RESET = "reset";

    private static final int LIMIT_MILLIS = 5_000;

    /** Small, so that a client that does not read is noticed soon. */
    private static final int RECEIVE_BUFFER = 64 * 1024;

    private final Socket socket = new Socket();
    private final InputStream input;

    ByteClient(FakeDflockdServer server) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setTcpNoDelay(true); // before somebody resets it
        socket.connect(new InetSocketAddress(server.host(), server.port()), LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        input = socket.getInputStream();
    }

    /** Sends requests, three lines each, in one write. */
    void send(String... lines) throws IOException {
        socket.getOutputStream().write((String.join("\n", lines) + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one request; the next line with its line feed. */
    String ask(String command, String key, String arg) throws IOException {
        send(command, key, arg);
        return line();
    }

    /** All up to the next line feed, and it. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = 0;
        while (next != '\n') {
            next = input.read();
            if (next < 0) {
                return line + END;
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** As many bytes, or those that come before the end of the stream. */
    String bytes(int n) throws IOException {
        return new String(input.readNBytes(n), StandardCharsets.ISO_8859_1);
    }

    /** How the connection ended. */
    String end() throws IOException {
        try {
            int next = input.read();
            return next < 0 ? END : "byte " + next;
        } catch (SocketException e) {
            return RESET;
        }
    }

    /** How many bytes have come and are not read. */
    int waiting() throws IOException {
        return input.available();
    }

    /** Reads until the end, however it comes; how many bytes there were. */
    long drain() throws IOException {
        byte[] waste = new byte[64 * 1024];
        long count = 0;
        try {
            for (int n = input.read(waste); n >= 0; n = input.read(waste)) {
                count += n;
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither a byte nor an end within " + LIMIT_MILLIS + " ms", e);
        } catch (SocketException reset) {
            return count;
        }
        return count;
    }

    /** Tells the server that no more comes, and reads on. */
    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

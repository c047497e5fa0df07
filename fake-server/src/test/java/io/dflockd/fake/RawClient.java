package io.dflockd.fake;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A plain socket that speaks in lines, as a naive client would: what it sees is what every client sees. */
final class RawClient implements Closeable {

    static final String END = "end of stream";

    private static final int LIMIT_MILLIS = 60_000;

    /** Small, so that a client that does not read is noticed soon. */
    private static final int RECEIVE_BUFFER = 16 * 1024;

    private final Socket socket;
    private final BufferedReader reader;

    RawClient(FakeDflockdServer server) throws IOException {
        this(server.host(), server.port());
    }

    RawClient(String host, int port) throws IOException {
        this(connect(host, port));
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Socket connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        socket.setTcpNoDelay(true); // before somebody resets it
        socket.connect(new InetSocketAddress(host, port), LIMIT_MILLIS);
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }

    /** One that speaks TLS, as this context and these protocols have it, and compares the host's name. */
    static RawClient secure(String host, int port, SSLContext context, String... protocols) throws IOException {
        return secure(connect(host, port), host, context, protocols);
    }

    /** The same on top of this socket. */
    static RawClient secure(Socket plain, String host, SSLContext context, String... protocols) throws IOException {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            if (protocols.length > 0) {
                parameters.setProtocols(protocols);
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new RawClient(socket);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Sends one request. */
    RawClient send(String command, String key, String arg) throws IOException {
        socket.getOutputStream().write((command + '\n' + key + '\n' + arg + '\n').getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The next line, or {@value #END}. */
    String line() throws IOException {
        String line = reader.readLine();
        return line == null ? END : line;
    }

    /** One request and its reply. */
    String ask(String command, String key, String arg) throws IOException {
        return send(command, key, arg).line();
    }

    /** Acquires a free key; the token. */
    String token(String key) throws IOException {
        String reply = ask("l", key, "0");
        if (!reply.startsWith("ok ")) {
            throw new AssertionError("no grant but " + reply);
        }
        return reply.substring(3, 35);
    }

    /** Whether there is something now that is not read yet, be it the end. */
    boolean hasInput() throws IOException {
        socket.setSoTimeout(1);
        try {
            reader.mark(1);
            if (reader.read() >= 0) {
                reader.reset();
            }
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        } catch (SocketException broken) {
            return true;
        } finally {
            socket.setSoTimeout(LIMIT_MILLIS);
        }
    }

    /** What is there instead of a reply: {@code end of stream}, {@code reset}, or the line. */
    String end() throws IOException {
        try {
            return line();
        } catch (SocketException e) {
            return "reset";
        }
    }

    /** The next characters, exactly so many. */
    String read(int count) throws IOException {
        char[] read = new char[count];
        for (int at = 0; at < count; at++) {
            read[at] = (char) reader.read();
        }
        return new String(read);
    }

    /** All that comes, and how it ends: {@code end of stream} or {@code reset}. */
    String everything() throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (int next = reader.read(); next >= 0; next = reader.read()) {
                all.append((char) next);
            }
            return all + END;
        } catch (SocketException e) {
            return all + "reset";
        }
    }

    /** What a connection comes to on which nothing is sent; a reset may come before the client has looked. */
    static String fate(FakeDflockdServer server) throws IOException {
        try (RawClient client = new RawClient(server)) {
            return client.end();
        } catch (SocketException e) {
            return "reset";
        }
    }

    Socket socket() {
        return socket;
    }

    /** Breaks the connection off. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Closes in the midst of things. */
    void hangUp() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection that carries one exchange at a time and is never used again after a half-finished one (DESIGN rule 7).
 *
 * <p>Used by one thread at a time, {@link #close} excepted. Who shares a connection with others holds {@link #turn} from the request to its reply.
 */
final class Connection {

    private static final int USUAL_LINE = 128;
    private static final int LONGEST_LINE = 1024;
    private static final byte TLS_ALERT = 21;
    private static final byte TLS_HANDSHAKE = 22;
    private static final byte TLS_MAJOR = 3;
    private static final int LONGEST_STATS = 64 * 1024 * 1024;

    /** After these the server closes the connection (PROTOCOL.md section 4), and nobody should begin anything on it meanwhile. */
    private static final Set<String> LAST_WORDS = Set.of("error_auth", "error_draining");

    private final ClientRuntime runtime;
    private final ServerAddress server;
    private final Transport transport;
    private Turn turn;
    private final Consumer<Connection> whenClosed;
    private byte[] line = new byte[USUAL_LINE];
    private int received;
    private @Nullable Request pending;
    private long sentAt;
    private long idleSince;
    private boolean reused;
    private boolean sent;
    private @Nullable NoiseCheck noiseCheck;
    private boolean watched;
    private boolean mayEnd;
    private boolean answered;
    private volatile boolean closed;

    private Connection(
            ClientRuntime runtime, ServerAddress server, Transport transport, Consumer<Connection> whenClosed) {
        this.runtime = runtime;
        this.server = server;
        this.transport = transport;
        this.whenClosed = whenClosed;
        this.turn = new Turn(runtime.newLock());
    }

    /**
     * Connects.
     *
     * @param opening as of {@link ClientRuntime#connect(ServerAddress, long, Consumer)}
     * @param whenClosed told once or more when the connection has been closed by this side; must not wait for anything
     * @throws SocketTimeoutException if it took longer than {@code timeoutNanos}
     */
    static Connection open(
            ClientRuntime runtime,
            ServerAddress server,
            long timeoutNanos,
            Consumer<Closeable> opening,
            Consumer<Connection> whenClosed)
            throws IOException {
        return new Connection(runtime, server, runtime.connect(server, timeoutNanos, opening), whenClosed);
    }

    /**
     * Sends a request. Its time is taken before the first byte goes out, so that a lease is never counted too long (DESIGN rule 1).
     *
     * @throws ClosedByInterruptException if the thread is interrupted
     */
    void send(Request request) throws IOException {
        if (closed) {
            throw new EOFException("the connection is closed");
        }
        if (pending != null) {
            throw new IllegalStateException(request + " while the answer to another request is awaited");
        }
        stopWatching(request);
        received = 0;
        sent = false;
        // After a release nothing depends on the answer being the right one, and the pool's next user looks again.
        if (request.command() != Command.RELEASE && !isFit()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ClosedByInterruptException(); // over TLS the look itself is I/O, which an interrupt ends
            }
            throw new EOFException("the server closed the connection, or sent what nobody asked for");
        }
        pending = request;
        sentAt = runtime.nanoTime();
        try {
            transport.write(request.bytes(), 0, request.bytes().length);
            sent = true;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Waits for the reply to what was sent.
     *
     * @throws SocketTimeoutException if it has not come at {@code deadline}; only then may this be called again, and nothing else but {@link #close}
     * @throws MalformedReplyException if something else came; the connection is closed
     * @throws IOException if the connection broke; it is closed
     */
    Reply receive(long deadline) throws IOException {
        Request request = pending;
        if (request == null) {
            throw new IllegalStateException("no reply is awaited");
        }
        try {
            int lineFeed = readLine(request.command() == Command.STATS ? LONGEST_STATS : LONGEST_LINE, deadline);
            if (lineFeed + 1 != received) {
                throw new MalformedReplyException("more than one line in answer to one request");
            }
            Reply reply = ReplyParser.parse(request.command(), line, lineFeed);
            pending = null;
            if (reply instanceof Reply.Refused refused) {
                mayEnd = mayEnd(request.command(), refused.status());
                if (LAST_WORDS.contains(refused.status())) {
                    close();
                }
            } else {
                mayEnd = false;
            }
            watchAgain();
            answered = true;
            return reply;
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * From now on {@code check} hears of what happens between exchanges, until a request is sent that ends what the connection was kept for. The caller has the turn,
     * and nothing is awaited.
     */
    void watch(NoiseCheck check) {
        noiseCheck = check;
        watchAgain();
    }

    /** Whether {@link #watch} was called and is not over. */
    boolean isWatched() {
        return noiseCheck != null;
    }

    private void watchAgain() {
        NoiseCheck check = noiseCheck;
        if (check != null && !closed) {
            watched = check.watch(transport);
        }
    }

    private void stopWatching(Request next) throws IOException {
        if (next.command() != Command.RENEW) {
            noiseCheck = null;
        }
        if (watched) {
            watched = false;
            try {
                transport.unwatch();
            } catch (IOException e) {
                close();
                throw e;
            }
        }
    }

    /** Sends, waits for the reply until {@code deadline}, and closes the connection if there is none, for whatever reason. */
    Reply exchange(Request request, long deadline) throws IOException {
        try {
            send(request);
            return receive(deadline);
        } catch (SocketTimeoutException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private int readLine(int longest, long deadline) throws IOException {
        int scanned = 0;
        while (true) {
            for (; scanned < received; scanned++) {
                if (line[scanned] == '\n') {
                    return scanned;
                }
            }
            if (received == longest) {
                throw new MalformedReplyException("a line of more than " + longest + " bytes");
            }
            if (received == line.length) {
                line = Arrays.copyOf(line, Math.min(longest, received * 4));
            }
            readSome(deadline);
        }
    }

    private void readSome(long deadline) throws IOException {
        try {
            int count = transport.read(line, received, line.length - received, deadline - runtime.nanoTime());
            if (count < 0) {
                throw new EOFException(
                        answered
                                ? "the server closed the connection"
                                : "the server closed the connection before its first answer; is that a port with TLS?");
            }
            received += count;
            if (isTls()) {
                throw new MalformedReplyException("TLS, and this client was made without");
            }
        } catch (SocketTimeoutException e) {
            if (closed || deadline - runtime.nanoTime() <= 0) {
                throw e;
            }
        }
    }

    /** Whether what came is the alert or the greeting of a peer that speaks TLS; an answer never begins like this. */
    private boolean isTls() {
        return received > 1 && (line[0] == TLS_ALERT || line[0] == TLS_HANDSHAKE) && line[1] == TLS_MAJOR;
    }

    /** Whose turn it is, where several threads share the connection. */
    Turn turn() {
        return turn;
    }

    /** Takes over the turn of a connection that it replaces. Nobody else knows this one yet. */
    void continueTurn(Turn other) {
        turn = other;
    }

    ServerAddress server() {
        return server;
    }

    /** When the last request was sent. */
    long sentAt() {
        return sentAt;
    }

    /**
     * Whether it came from the pool and could not even take the request, so that it had died there. Once a request is out its outcome is unknown, and nobody
     * repeats it behind the caller's back.
     */
    boolean isStale() {
        return reused && !sent;
    }

    /** Whether it came from the pool. */
    boolean isReused() {
        return reused;
    }

    /**
     * Whether the server may be closing the connection after its last answer: V0 does so after what it does not understand, V2 while it drains (PROTOCOL.md sections
     * 1 and 4). For a renew, a release or an await plain {@code error} is a usual answer, which costs nothing.
     */
    boolean mayEnd() {
        return mayEnd;
    }

    private static boolean mayEnd(Command command, String status) {
        boolean usual = command == Command.RENEW || command == Command.RELEASE || command == Command.AWAIT;
        return status.equals("error_draining") || (status.equals("error") && !usual);
    }

    /** What was sent and not answered yet. */
    @Nullable
    Request pending() {
        return pending;
    }

    /** Marks it as idle from {@code now} on, in the pool. */
    void rest(long now) {
        idleSince = now;
        reused = true;
    }

    long idleSince() {
        return idleSince;
    }

    /** Whether the next request may go out: open, nothing awaited, nothing unread. */
    boolean isFit() {
        if (closed || pending != null) {
            return false;
        }
        if (!transport.isQuiet()) {
            close();
        }
        return !closed;
    }

    boolean isClosed() {
        return closed;
    }

    /** Closes at once, from any thread; wakes whoever reads. */
    void close() {
        closed = true;
        transport.close();
        whenClosed.accept(this);
    }
}

package io.dflockd.fake;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.Session;
import io.dflockd.fake.server.SocketLoop;
import io.dflockd.fake.server.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A client inside the server, without a socket: a holder or waiter that a test moves by hand, to be in other clients' way.
 *
 * <p>To the server it is a connection as any other, with a number of its own. What follows from a call has happened when it returns; nothing blocks.
 */
public final class ScriptedClient {

    private final SocketLoop loop;
    private final Session session;
    private final Mailbox mailbox = new Mailbox();

    ScriptedClient(EngineDriver driver, SocketLoop loop) {
        this.loop = loop;
        AtomicReference<Session> accepted = new AtomicReference<>();
        loop.outside(() -> accepted.set(driver.accept(mailbox)));
        this.session = Objects.requireNonNull(accepted.get());
    }

    /** The server's number of this connection. */
    public long connection() {
        return session.number();
    }

    /**
     * Sends a request, of which nothing is checked.
     *
     * @return the first line that has come and was not told yet; empty if the request has to wait
     * @throws IllegalStateException if the server is closed
     */
    public Optional<String> ask(String command, String key, String arg) {
        byte[] bytes = (command + '\n' + key + '\n' + arg + '\n').getBytes(StandardCharsets.UTF_8);
        loop.outside(() -> session.received(bytes, 0, bytes.length));
        return reply();
    }

    /** The next line that has come and was not told yet, if any. */
    public Optional<String> reply() {
        return mailbox.take();
    }

    /** Whether the server has ended the connection. */
    public boolean isEnded() {
        return mailbox.isEnded();
    }

    /** Ends the connection in order. The server's own end ends it too; then nothing happens. */
    public void close() {
        if (!isEnded()) {
            loop.outside(session::endOfStream);
        }
    }

    /** What the server has sent. Written under the server's lock, read by anybody. */
    private static final class Mailbox implements Wire {
        private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
        private volatile boolean ended;

        @Override
        public synchronized void write(byte[] bytes) {
            unread.writeBytes(bytes);
        }

        @Override
        public void close() {
            ended = true;
        }

        @Override
        public void reset() {
            ended = true;
        }

        @Override
        public void shutdownOutput() {
            ended = true;
        }

        boolean isEnded() {
            return ended;
        }

        synchronized Optional<String> take() {
            byte[] bytes = unread.toByteArray();
            int end = new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\n');
            if (end < 0) {
                return Optional.empty();
            }
            unread.reset();
            unread.write(bytes, end + 1, bytes.length - end - 1);
            return Optional.of(new String(bytes, 0, end, StandardCharsets.UTF_8));
        }
    }
}

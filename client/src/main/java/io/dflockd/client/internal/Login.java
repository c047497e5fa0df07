package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first exchange of a client that has a secret (PROTOCOL.md section 4). */
final class Login {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    private Login() {}

    /**
     * Sends the secret, asked for anew since it may have been rotated. A server that has none answers {@code error}, and the connection is as good as before.
     *
     * @throws RefusedSecretException if it is not the right one, or was refused with another status; the connection is closed
     * @throws IOException if there was no answer at {@code deadline}, or there is no secret that could be sent; the connection is closed
     */
    static void perform(Connection connection, Supplier<String> secret, long deadline) throws IOException {
        Reply reply = null;
        try {
            reply = connection.exchange(request(secret), deadline);
        } finally {
            if (reply == null) {
                connection.close();
            }
        }
        if (!(reply instanceof Reply.Refused refused)) {
            return;
        }
        if (refused.status().equals("error")) {
            requireUsable(connection, deadline);
            LOG.debug("{} has no secret, or does not know of secrets", connection.server());
            return;
        }
        connection.close();
        throw new RefusedSecretException(refused.status());
    }

    /** Code of the user: whatever it throws ends this attempt only, as if the server had not been reached. */
    private static Request request(Supplier<String> secret) throws IOException {
        String text;
        try {
            text = secret.get();
        } catch (Exception e) { // also checked ones, of languages that do not check them
            throw new IOException("the secret supplier failed: " + e.getClass().getName(), e);
        }
        if (text == null) {
            throw new IOException("the secret supplier returned null");
        }
        try {
            return RequestWriter.auth(text);
        } catch (IllegalArgumentException e) { // which does not quote it
            throw new IOException(e.getMessage(), e);
        }
    }

    /** V0 closes the connection at a command that it does not know, others at a line that is too long for them: better said here than at the next request. */
    private static void requireUsable(Connection connection, long deadline) throws IOException {
        if (connection.isClosed()) {
            throw new EOFException("the connection is closed"); // by this side
        }
        try {
            Reply reply = connection.exchange(RequestWriter.LOCK.keepalive(WireKey.NONE), deadline);
            if (reply instanceof Reply.Refused refused && !refused.status().equals("error")) {
                connection.close();
                throw new RefusedSecretException(refused.status()); // it has a secret after all, or drains
            }
        } catch (EOFException | SocketException e) {
            throw new IOException(
                    "the server closed the connection at the secret: it is older than 1.0 and knows none, which"
                            + " needs a client without secret, or the secret is too long for it",
                    e);
        }
    }
}

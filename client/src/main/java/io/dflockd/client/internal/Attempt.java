package io.dflockd.client.internal;

import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.AuthenticationException;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdException;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.ProtocolException;
import io.dflockd.client.RejectedException;
import io.dflockd.client.Reply;
import io.dflockd.client.spi.ServerAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.AsynchronousCloseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that was tried, for the message if it fails: what, on which key, where, since when (DESIGN rule 12).
 *
 * @param phase acquire, renew, ...
 * @param startedAt on the runtime's clock
 */
record Attempt(String phase, WireKey key, ServerAddress server, long startedAt) {

    /** The exception for a connection that could not be made or broke. */
    DflockdException broke(IOException cause, long now) {
        if (cause instanceof MalformedReplyException) {
            return new ProtocolException(message("the server sent " + cause.getMessage(), now), cause);
        }
        if (cause instanceof RefusedSecretException secret) {
            return secret.status().equals("error_auth")
                    ? new AuthenticationException(message("the server refused the secret", now))
                    : rejected(new Reply.Refused(secret.status()), now);
        }
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (cause instanceof SocketTimeoutException) {
            what = "no answer in time";
        } else if (cause instanceof AsynchronousCloseException) {
            what = "the connection was closed by this side";
        } else if (cause instanceof UnknownHostException) {
            what = "the host is unknown";
        }
        return new ConnectionException(message(what, now), cause);
    }

    /** For a thread that was interrupted in its I/O: clears the flag, as the JDK does when it throws this. */
    InterruptedException interrupted() {
        Thread.interrupted();
        return new InterruptedException("interrupted during " + phase + subject() + " at " + server);
    }

    ConnectionException unanswered(String what, long now) {
        return new ConnectionException(message(what, now), null);
    }

    AcquireTimeoutException timedOut(long now) {
        return new AcquireTimeoutException(message("not granted in time", now));
    }

    LeaseLostException lost(String why, @Nullable Throwable cause, long now) {
        return new LeaseLostException(message(why, now), cause);
    }

    /** The exception for a status. */
    DflockdException rejected(Reply.Refused refused, long now) {
        if (refused.status().equals("error_auth")) {
            return new AuthenticationException(message("the server wants a secret", now));
        }
        String why = "the server refused with " + refused.status() + hint(refused);
        return new RejectedException(message(why, now), refused.status());
    }

    /** What the status does not say by itself. Servers answer {@code error} to commands that they do not know (PROTOCOL.md section 1). */
    private String hint(Reply.Refused refused) {
        if (!refused.detail().isEmpty()) {
            return ", the leader is " + refused.detail();
        }
        if (!refused.status().equals("error")) {
            return "";
        }
        return switch (phase) {
            case "stats" -> "; servers before 1.4 do not know stats";
            case LockOptions.ACQUIRE_SLOT, LockOptions.ENQUEUE_SLOT -> "; servers before 1.0 do not know semaphores";
            default -> "";
        };
    }

    private String message(String what, long now) {
        return String.format(
                Locale.ROOT, "%s%s at %s: %s, after %.3f s", phase, subject(), server, what, (now - startedAt) / 1e9);
    }

    private String subject() {
        return key == WireKey.NONE ? "" : " '" + key + "'";
    }
}

package io.dflockd.client;

import org.jspecify.annotations.Nullable;

/**
 * Anything that goes wrong between this client and a server. The message names key, server, phase and how long it took; never a token or a secret.
 *
 * <p>Mistakes of the caller (a bad key, a negative duration) are {@link IllegalArgumentException} and {@link IllegalStateException} instead.
 */
public abstract sealed class DflockdException extends RuntimeException
        permits AcquireTimeoutException,
                AuthenticationException,
                ConnectionException,
                LeaseLostException,
                ProtocolException,
                RejectedException {

    private static final long serialVersionUID = 1L;

    DflockdException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

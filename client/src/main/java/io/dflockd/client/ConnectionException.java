package io.dflockd.client;

import org.jspecify.annotations.Nullable;

/** The connection could not be made, or broke before the answer came. What was asked may or may not have happened; a connection that broke is closed, which frees what was granted on it. */
public final class ConnectionException extends DflockdException {

    private static final long serialVersionUID = 1L;

    public ConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

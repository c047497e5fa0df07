package io.dflockd.client;

import org.jspecify.annotations.Nullable;

/** The server sent something that is no answer to what was asked. The connection is closed. */
public final class ProtocolException extends DflockdException {

    private static final long serialVersionUID = 1L;

    public ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

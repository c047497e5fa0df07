package io.dflockd.client;

import org.jspecify.annotations.Nullable;

/** The lease is over: what it protected may already be somebody else's. */
public final class LeaseLostException extends DflockdException {

    private static final long serialVersionUID = 1L;

    public LeaseLostException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

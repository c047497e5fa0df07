package io.dflockd.client;

/** The key was not granted within the acquire timeout. Nothing is held. */
public final class AcquireTimeoutException extends DflockdException {

    private static final long serialVersionUID = 1L;

    public AcquireTimeoutException(String message) {
        super(message, null);
    }
}

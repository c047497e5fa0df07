package io.dflockd.client;

/** The server wants a secret that it did not get, or not the right one. */
public final class AuthenticationException extends DflockdException {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String message) {
        super(message, null);
    }
}

package io.dflockd.client.internal;

import java.io.IOException;

/** The server did not accept the secret, or wants one. Never says which was sent. */
final class RefusedSecretException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String status;

    RefusedSecretException(String status) {
        super("the server refused the secret with " + status);
        this.status = status;
    }

    String status() {
        return status;
    }
}

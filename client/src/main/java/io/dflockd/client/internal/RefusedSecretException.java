package io.dflockd.client.internal;

import java.io.IOException;

/** The server did not accept the secret, or wants one. Never says which was sent. */
final class RefusedSecretException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedSecretException() {
        super("the server refused the secret");
    }
}

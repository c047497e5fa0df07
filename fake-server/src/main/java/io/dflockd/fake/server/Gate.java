package io.dflockd.fake.server;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Secret;
import java.security.MessageDigest;
import java.util.Optional;

/** Whether a connection may make requests: from the start, or once its first one was {@code auth} with the server's secret (PROTOCOL.md section 4). */
final class Gate {

    private final Optional<Secret> secret;
    private boolean open;

    /** A gate that is closed if there is a secret. */
    Gate(Optional<Secret> secret) {
        this.secret = secret;
        this.open = secret.isEmpty();
    }

    boolean isOpen() {
        return open;
    }

    /** Opens if this request shows that the client knows the secret. */
    boolean opensTo(Command request) {
        open = request instanceof Command.Auth auth
                && secret.filter(right -> MessageDigest.isEqual(
                                right.bytes(), auth.secret().bytes()))
                        .isPresent();
        return open;
    }
}

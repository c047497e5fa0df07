package io.dflockd.fake.journal;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Keeps secrets out of what is remembered: whatever a client sends with {@code auth}, right or wrong, and the server's own wherever a line is just that. */
final class SecretMask {

    private static final String SHOWN = "***";
    private static final byte[] AUTH = "auth".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STARS = SHOWN.getBytes(StandardCharsets.US_ASCII);

    private final byte[] secret;

    SecretMask(Optional<Secret> secret) {
        this.secret = secret.map(Secret::bytes).orElse(new byte[0]);
    }

    Command of(Command request) {
        return request instanceof Command.Auth ? new Command.Auth(Secret.of(SHOWN)) : request;
    }

    byte[][] of(byte[][] lines) {
        boolean auth = lines.length == 3 && Arrays.equals(lines[0], AUTH);
        for (int i = 0; i < lines.length; i++) {
            if ((auth && i == 2) || isSecret(lines[i])) {
                lines[i] = STARS;
            }
        }
        return lines;
    }

    private boolean isSecret(byte[] line) {
        return secret.length > 0
                && line.length >= secret.length
                && Arrays.equals(
                        new String(line, StandardCharsets.ISO_8859_1).strip().getBytes(StandardCharsets.ISO_8859_1),
                        secret);
    }
}

package io.dflockd.fake.journal;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps secrets out of what is remembered: whatever a client sends with {@code auth}, right or wrong, and the server's own wherever a line is just that. */
final class SecretMask {

    private static final String SHOWN = "***";
    private static final byte[] AUTH = "auth".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] STARS = SHOWN.getBytes(StandardCharsets.US_ASCII);

    private final List<byte[]> secrets = new ArrayList<>();

    /** From now on this is a secret too. One that was stays one. */
    void add(Secret secret) {
        if (!isSecret(secret.bytes())) {
            secrets.add(secret.bytes());
        }
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
        if (secrets.isEmpty()) {
            return false;
        }
        byte[] trimmed = Secret.of(new String(line, StandardCharsets.UTF_8)).bytes();
        return secrets.stream().anyMatch(secret -> Arrays.equals(secret, trimmed));
    }
}

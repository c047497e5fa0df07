package io.dflockd.client.internal;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes requests as text: three lines, each ended by LF (PROTOCOL.md section 1).
 *
 * <p>One writer is for locks or for semaphores; which commands have a limit is all that differs. A lease of {@link #DEFAULT_LEASE} is left out, so that the
 * server's default applies. Numbers go out as they are: whether they make sense is the caller's, or the server's, to say.
 */
final class RequestWriter {

    /** Stands for "not said". */
    static final long DEFAULT_LEASE = Long.MIN_VALUE;

    /** No server gives out such a token: renewing it is refused and changes nothing, so it keeps a silent connection alive (DESIGN rule 3). */
    private static final String IMPOSSIBLE_TOKEN = "-";

    private static final int MAX_TOKEN_LENGTH = 128;

    /** What V2 takes; older servers take 256 (PROTOCOL.md section 1). */
    private static final int MAX_SECRET_BYTES = 65_536;

    static final RequestWriter LOCK = new RequestWriter(false);
    static final RequestWriter SEMAPHORE = new RequestWriter(true);

    private final boolean semaphore;

    private RequestWriter(boolean semaphore) {
        this.semaphore = semaphore;
    }

    /** {@code limit} is only written for a semaphore. */
    Request acquire(WireKey key, long timeoutSeconds, long limit, long leaseSeconds) {
        String arg = Long.toString(timeoutSeconds) + (semaphore ? " " + limit : "") + lease(leaseSeconds);
        return request(Command.ACQUIRE, key, arg, timeoutSeconds);
    }

    /** {@code limit} is only written for a semaphore. */
    Request enqueue(WireKey key, long limit, long leaseSeconds) {
        String arg = (semaphore ? Long.toString(limit) : "") + lease(leaseSeconds);
        return request(Command.ENQUEUE, key, semaphore ? arg : arg.trim(), 0);
    }

    Request await(WireKey key, long timeoutSeconds) {
        return request(Command.AWAIT, key, Long.toString(timeoutSeconds), timeoutSeconds);
    }

    Request renew(WireKey key, String token, long leaseSeconds) {
        return request(Command.RENEW, key, checked(token) + lease(leaseSeconds), 0);
    }

    /** A renew that is refused on purpose. */
    Request keepalive(WireKey key) {
        return renew(key, IMPOSSIBLE_TOKEN, 1);
    }

    Request release(WireKey key, String token) {
        return request(Command.RELEASE, key, checked(token), 0);
    }

    static Request stats() {
        return LOCK.request(Command.STATS, WireKey.NONE, "-", 0);
    }

    static Request ping() {
        return LOCK.request(Command.PING, WireKey.NONE, "-", 0);
    }

    /** @throws IllegalArgumentException if the secret is empty, too long, or could not be one line of text; it is not quoted */
    static Request auth(String secret) {
        Objects.requireNonNull(secret, "the secret");
        if (secret.isBlank()) {
            throw new IllegalArgumentException("the secret is empty");
        }
        if (secret.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new IllegalArgumentException("the secret has a line break; trim what was read from a file");
        }
        byte[] utf8 = secret.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "the secret has " + utf8.length + " bytes in UTF-8; no server takes more than " + MAX_SECRET_BYTES);
        }
        if (!new String(utf8, StandardCharsets.UTF_8).equals(secret)) {
            throw new IllegalArgumentException("the secret has half a surrogate pair, so it is no Unicode text");
        }
        // The writer below takes one character for one byte.
        return LOCK.request(Command.AUTH, WireKey.NONE, new String(utf8, StandardCharsets.ISO_8859_1), 0);
    }

    private static String lease(long seconds) {
        return seconds == DEFAULT_LEASE ? "" : " " + seconds;
    }

    private static String checked(String token) {
        if (token.isEmpty() || token.length() > MAX_TOKEN_LENGTH) {
            throw new IllegalArgumentException(
                    "a token has 1 to " + MAX_TOKEN_LENGTH + " characters, this one " + token.length());
        }
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) <= ' ' || token.charAt(i) > '~') {
                throw new IllegalArgumentException("the token has a character that no token has, at index " + i);
            }
        }
        return token;
    }

    private Request request(Command command, WireKey key, String arg, long waitSeconds) {
        String name = semaphore ? command.semaphoreName : command.lockName;
        byte[] utf8 = key.utf8();
        byte[] bytes = new byte[name.length() + utf8.length + arg.length() + 3];
        int at = ascii(name, bytes, 0);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        at += utf8.length;
        bytes[at++] = '\n';
        ascii(arg, bytes, at);
        return new Request(command, key, bytes, waitSeconds);
    }

    private static int ascii(String text, byte[] bytes, int at) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            bytes[at + i] = (byte) text.charAt(i);
        }
        bytes[at + length] = '\n';
        return at + length + 1;
    }
}

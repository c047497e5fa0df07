package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads the one line that answers a request.
 *
 * <p>Which forms are right depends on the command. Further fields and statuses that begin with {@code error_} are accepted even when unknown, nothing else is
 * (PROTOCOL.md section 1).
 */
final class ReplyParser {

    private static final int TOKEN_LENGTH = 32;
    private static final int MAX_WORD = 64;
    private static final int MAX_DIGITS = 18;

    private static final Pattern LEADER = Pattern.compile("[\\[\\]A-Za-z0-9._%:-]{1,255}:[0-9]{1,5}");

    private final byte[] line;
    private final int end;
    private int at;

    private ReplyParser(byte[] line, int end) {
        this.line = line;
        this.end = end;
    }

    /**
     * Reads the first {@code length} bytes of {@code line}, LF not included.
     *
     * @throws MalformedReplyException if they are no answer to {@code command}
     */
    static Reply parse(Command command, byte[] line, int length) throws MalformedReplyException {
        int end = length;
        while (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return new ReplyParser(line, end).reply(command);
    }

    private Reply reply(Command command) throws MalformedReplyException {
        if (nextIs("ok")) {
            return ok(command);
        }
        if (nextIs("timeout") && (command == Command.ACQUIRE || command == Command.AWAIT)) {
            return new Reply.TimedOut();
        }
        if (command == Command.ENQUEUE) {
            if (nextIs("queued")) {
                return new Reply.Queued();
            }
            if (nextIs("acquired")) {
                return new Reply.Acquired(token(), leaseSeconds());
            }
        }
        if (nextIs("error")) {
            return new Reply.Refused("error");
        }
        if (startsWith("error_")) {
            String status = status();
            return new Reply.Refused(status, status.equals("error_not_leader") ? leader() : "");
        }
        throw new MalformedReplyException(
                end == 0 ? "an empty line" : "a line of " + end + " bytes that is no answer to " + command.phase());
    }

    private Reply ok(Command command) throws MalformedReplyException {
        return switch (command) {
            case ACQUIRE, AWAIT -> new Reply.Granted(token(), leaseSeconds());
            case RENEW -> new Reply.Renewed(number("seconds"));
            case RELEASE -> new Reply.Released();
            case STATS -> new Reply.Stats(rest());
            case AUTH -> new Reply.Authenticated();
            case PING -> new Reply.Pong();
            case ENQUEUE -> throw new MalformedReplyException("'ok' in answer to enqueue");
        };
    }

    private String token() throws MalformedReplyException {
        skipSpaces();
        int from = at;
        while (at < end && line[at] != ' ') {
            byte b = line[at++];
            if (!(b >= '0' && b <= '9') && !(b >= 'a' && b <= 'f')) {
                throw new MalformedReplyException("a token that is not lower-case hexadecimal");
            }
        }
        if (at - from != TOKEN_LENGTH) {
            throw new MalformedReplyException("a token of " + (at - from) + " characters instead of " + TOKEN_LENGTH);
        }
        return new String(line, from, TOKEN_LENGTH, StandardCharsets.ISO_8859_1);
    }

    private long leaseSeconds() throws MalformedReplyException {
        long seconds = number("lease");
        if (seconds < 1) {
            throw new MalformedReplyException("a lease of " + seconds + " seconds");
        }
        return seconds;
    }

    private long number(String what) throws MalformedReplyException {
        skipSpaces();
        int from = at;
        long value = 0;
        while (at < end && line[at] != ' ') {
            byte b = line[at++];
            if (b < '0' || b > '9' || at - from > MAX_DIGITS) {
                throw new MalformedReplyException("a " + what + " that is no number of at most 18 digits");
            }
            value = value * 10 + (b - '0');
        }
        if (at == from) {
            throw new MalformedReplyException("an answer without its " + what);
        }
        return value;
    }

    private String status() throws MalformedReplyException {
        int from = at;
        while (at < end && line[at] != ' ') {
            byte b = line[at++];
            if (b < '!' || b > '~' || at - from > MAX_WORD) {
                throw new MalformedReplyException("a status that is no word of at most " + MAX_WORD + " letters");
            }
        }
        return new String(line, from, at - from, StandardCharsets.ISO_8859_1);
    }

    /** {@code host:port}; nothing if the next field is anything else, since what follows a status is nobody's business. */
    private String leader() {
        skipSpaces();
        int from = at;
        while (at < end && line[at] != ' ') {
            at++;
        }
        String field = new String(line, from, at - from, StandardCharsets.ISO_8859_1);
        return LEADER.matcher(field).matches() ? field : "";
    }

    private String rest() throws MalformedReplyException {
        skipSpaces();
        if (at == end) {
            throw new MalformedReplyException("stats without their object");
        }
        return new String(line, at, end - at, StandardCharsets.UTF_8);
    }

    /** Takes {@code word} if it is the whole next field. */
    private boolean nextIs(String word) {
        int after = at + word.length();
        if (!startsWith(word) || (after < end && line[after] != ' ')) {
            return false;
        }
        at = after;
        return true;
    }

    private boolean startsWith(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (line[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void skipSpaces() {
        while (at < end && line[at] == ' ') {
            at++;
        }
    }
}

package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The ways of putting other bytes in place of a reply. What each does to it, and what the client sees, is told by the methods of {@link ReplyEffect}. */
public enum Rewriting {
    /** A given line. */
    LINE(true),
    /** No byte. */
    NOTHING(true),
    /** A line of random bytes. */
    GARBAGE(true),
    /** The line feed is missing. */
    NO_NEWLINE(false),
    /** The line comes twice. */
    TWICE(false),
    /** The line is too long. */
    OVERLONG(false),
    /** The line ends with CR LF. */
    CRLF(false),
    /** {@code okay} stands for {@code ok}. */
    OK_PREFIX(false),
    /** Another lease is told, or none. */
    BAD_LEASE(false),
    /** The token is missing. */
    NO_TOKEN(false),
    /** The token is too short. */
    SHORT_TOKEN(false),
    /** The token is not hexadecimal. */
    NON_HEX_TOKEN(false),
    /** There are bytes that are no ASCII, and no UTF-8 either. */
    NON_ASCII(false),
    /** The JSON breaks off. */
    BROKEN_JSON(false),
    /** It is the reply to another command. */
    WRONG_KIND(false);

    /** The longest line that is made; all of it is in memory. */
    static final int MOST_BYTES = 1 << 24;

    private static final String SOME_GRANT = "ok 0123456789abcdef0123456789abcdef 33";
    private static final int GARBAGE_BYTES = 64;

    private final boolean free;

    Rewriting(boolean free) {
        this.free = free;
    }

    /** Whether it needs no true reply. */
    boolean isFree() {
        return free;
    }

    /** Whether there is something to rewrite in such a reply. */
    boolean fits(Reply reply) {
        boolean grant = reply instanceof Reply.Granted || reply instanceof Reply.Acquired;
        return switch (this) {
            case NO_TOKEN, SHORT_TOKEN, NON_HEX_TOKEN -> grant;
            case BAD_LEASE -> grant || reply instanceof Reply.Renewed;
            case BROKEN_JSON -> reply instanceof Reply.Stats;
            case OK_PREFIX -> beginsWithOk(reply);
            case WRONG_KIND -> !(reply instanceof Reply.Refused);
            default -> true;
        };
    }

    private static boolean beginsWithOk(Reply reply) {
        return reply instanceof Reply.Granted
                || reply instanceof Reply.Renewed
                || reply instanceof Reply.Done
                || reply instanceof Reply.Stats;
    }

    /** The bytes in place of this line, which ends with its line feed. It must fit, or be empty for one that needs no true reply. */
    byte[] rewrite(byte[] line, String text, long number) {
        // Bytes that are no ASCII stay what they are.
        String reply = new String(line, 0, Math.max(0, line.length - 1), StandardCharsets.ISO_8859_1);
        String[] words = reply.split(" ", -1);
        String first = words[0];
        return switch (this) {
            case LINE -> Pieces.line(text);
            case NOTHING -> new byte[0];
            case GARBAGE -> garbage(number);
            case NO_NEWLINE -> bytes(reply);
            case TWICE -> bytes(reply + '\n' + reply + '\n');
            case OVERLONG -> bytes(padded(reply, number) + '\n');
            case CRLF -> bytes(reply + "\r\n");
            case OK_PREFIX -> bytes("okay" + reply.substring("ok".length()) + '\n');
            case BAD_LEASE -> bytes(withLast(words, text) + '\n');
            case NO_TOKEN -> bytes(first + ' ' + words[2] + '\n');
            case SHORT_TOKEN ->
                bytes(first + ' ' + words[1].substring(0, words[1].length() - 1) + ' ' + words[2] + '\n');
            case NON_HEX_TOKEN -> bytes(first + " zz" + words[1].substring(2) + ' ' + words[2] + '\n');
            case NON_ASCII -> bytes(first + "\u00e9\u00ff\u0080" + reply.substring(first.length()) + '\n');
            case BROKEN_JSON -> bytes(reply.substring(0, reply.length() / 2) + '\n');
            case WRONG_KIND -> bytes((answersEnqueue(first) ? SOME_GRANT : "queued") + '\n');
        };
    }

    private static boolean answersEnqueue(String word) {
        return word.equals("acquired") || word.equals("queued");
    }

    private static String padded(String reply, long length) {
        int missing = (int) (length - reply.length());
        return missing > 0 ? reply + ' ' + "x".repeat(missing - 1) : reply;
    }

    private static String withLast(String[] words, String text) {
        String[] changed = text.isEmpty() ? Arrays.copyOf(words, words.length - 1) : words.clone();
        if (!text.isEmpty()) {
            changed[changed.length - 1] =
                    new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }
        return String.join(" ", changed);
    }

    private static byte[] garbage(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < GARBAGE_BYTES) {
            int next = random.nextInt(256);
            bytes.write(next == '\n' ? ' ' : next);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

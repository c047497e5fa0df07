package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** The ways of putting other bytes in place of a reply. */
public enum Rewriting {
    LINE(true),
    NOTHING(true),
    GARBAGE(true),
    NO_NEWLINE(false),
    TWICE(false),
    OVERLONG(false),
    CRLF(false),
    OK_PREFIX(false),
    BAD_LEASE(false),
    NO_TOKEN(false),
    SHORT_TOKEN(false),
    NON_HEX_TOKEN(false),
    NON_ASCII(false),
    BROKEN_JSON(false),
    WRONG_KIND(false);

    private static final String SOME_TOKEN = "0123456789abcdef0123456789abcdef";
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
            case OK_PREFIX ->
                !(reply instanceof Reply.Acquired
                        || reply instanceof Reply.Queued
                        || reply instanceof Reply.TimedOut
                        || reply instanceof Reply.Refused);
            default -> true;
        };
    }

    /** The bytes in place of this line, which ends with its line feed. */
    byte[] rewrite(byte[] line, String text, long number) {
        String reply = new String(line, 0, Math.max(0, line.length - 1), StandardCharsets.ISO_8859_1);
        String[] words = reply.split(" ", -1);
        return switch (this) {
            case LINE -> Pieces.line(text);
            case NOTHING -> new byte[0];
            case GARBAGE -> garbage(number);
            case NO_NEWLINE -> bytes(reply);
            case TWICE -> bytes(reply + '\n' + reply + '\n');
            case OVERLONG -> bytes(reply + " " + "x".repeat((int) Math.max(0, number - reply.length() - 1)) + '\n');
            case CRLF -> bytes(reply + "\r\n");
            case OK_PREFIX -> bytes("okay" + reply.substring(2) + '\n');
            case BAD_LEASE -> bytes(withLast(words, text) + '\n');
            case NO_TOKEN -> bytes(words[0] + ' ' + words[2] + '\n');
            case SHORT_TOKEN -> bytes(reply.replace(words[1], words[1].substring(1)) + '\n');
            case NON_HEX_TOKEN -> bytes(reply.replace(words[1], "zz" + words[1].substring(2)) + '\n');
            case NON_ASCII -> bytes(words[0] + "\u00e9\u00ff\u0080" + reply.substring(words[0].length()) + '\n');
            case BROKEN_JSON -> bytes(reply.substring(0, reply.length() / 2) + '\n');
            case WRONG_KIND -> bytes((words.length == 3 ? "queued" : "ok " + SOME_TOKEN + " 33") + '\n');
        };
    }

    private static String withLast(String[] words, String text) {
        String[] changed = text.isEmpty() ? Arrays.copyOf(words, words.length - 1) : words.clone();
        if (!text.isEmpty()) {
            changed[changed.length - 1] = text;
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

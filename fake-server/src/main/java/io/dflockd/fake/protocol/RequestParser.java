package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns the bytes of one connection into requests: three lines each, in any segments, any number ahead (PROTOCOL.md section 1).
 *
 * <p>Bytes go in by {@link #append}; {@link #next} takes one line after the other and stops at the end of a request, so that what was sent ahead stays until
 * its turn.
 */
public final class RequestParser {

    /** What the bytes so far amount to. */
    public enum Progress {
        /** A line is complete, the request is not. */
        LINE,
        /** A request is complete: {@link #command} tells which. */
        REQUEST,
        /** A line is too long; whatever follows cannot be trusted. */
        TOO_LONG,
        /** The next line is not complete yet. */
        INCOMPLETE
    }

    private static final byte[] STATS = "stats".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUTH = "auth".getBytes(StandardCharsets.US_ASCII);

    private final LineBuffer buffer = new LineBuffer();
    private final byte[][] lines = new byte[3][];
    private int count;

    /** Takes what the peer sent. */
    public void append(byte[] bytes, int offset, int length) {
        buffer.append(bytes, offset, length);
    }

    /** Takes the next line, if it is complete. */
    public Progress next() {
        return switch (buffer.findLine()) {
            case NOTHING -> Progress.INCOMPLETE;
            case TOO_LONG -> Progress.TOO_LONG;
            case LINE -> {
                lines[count++] = buffer.line();
                if (count < 3) {
                    yield Progress.LINE;
                }
                count = 0;
                yield Progress.REQUEST;
            }
        };
    }

    /** The request that {@link #next} completed. */
    public Command command() {
        if (Arrays.equals(lines[0], STATS)) {
            return new Command.Stats();
        }
        if (Arrays.equals(lines[0], AUTH)) {
            return new Command.Auth(Secret.of(lines[2]));
        }
        Optional<CommandWord> word = CommandWord.of(lines[0]);
        if (word.isEmpty()) {
            return new Command.Malformed("unknown command");
        }
        if (!isKey(lines[1])) {
            return new Command.Malformed("a key must not be empty and must not contain space, tab or CR");
        }
        return word.get().command(Key.ofOwn(lines[1]), Fields.of(lines[2]));
    }

    private static boolean isKey(byte[] line) {
        for (byte b : line) {
            if (b == ' ' || b == '\t' || b == '\r') {
                return false;
            }
        }
        return line.length > 0;
    }

    /** How many lines of the unfinished request have come. */
    public int lines() {
        return count;
    }

    /** What the first line of the present request asks for. */
    public Class<? extends Command> kind() {
        if (Arrays.equals(lines[0], STATS)) {
            return Command.Stats.class;
        }
        if (Arrays.equals(lines[0], AUTH)) {
            return Command.Auth.class;
        }
        return CommandWord.of(lines[0])
                .<Class<? extends Command>>map(CommandWord::kind)
                .orElse(Command.Malformed.class);
    }

    /** The key in the second line of the present request, if it has come and is one. */
    public Optional<Key> key() {
        return count == 1 || !isKey(lines[1]) ? Optional.empty() : Optional.of(Key.of(lines[1]));
    }

    /** Whether no byte of an unfinished request has come. */
    public boolean isBetweenRequests() {
        return count == 0 && buffer.size() == 0 && !buffer.isOverlong();
    }

    /** How many bytes wait for their turn. */
    public int buffered() {
        return buffer.size();
    }

    /** Whether the unfinished line is known to be too long: at the end of the stream it is answered, other unfinished ones are not. */
    public boolean isOverlong() {
        return buffer.isOverlong();
    }
}

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
        /** A line is no UTF-8 and had to be; whatever follows cannot be trusted. */
        NO_TEXT,
        /** The next line is not complete yet. */
        INCOMPLETE
    }

    private static final byte[] STATS = "stats".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AUTH = "auth".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PING = "ping".getBytes(StandardCharsets.US_ASCII);

    private final Profile profile;
    private final LineBuffer buffer = new LineBuffer();
    private final HugeLeases hugeLeases = new HugeLeases();
    private final byte[][] lines = new byte[3][];
    private int count;

    /** A parser for what this kind of server understands. */
    public RequestParser(Profile profile) {
        this.profile = profile;
    }

    /** Takes what the peer sent. */
    public void append(byte[] bytes, int offset, int length) {
        buffer.append(bytes, offset, length);
    }

    /** Takes the next line, if it is complete. */
    public Progress next() {
        return progress(buffer.findLine(longest()));
    }

    /**
     * The peer will send no more, and {@link #next} said that the next line is incomplete: if it is too long it is answered now, on V0 it is complete, and otherwise it
     * does not count.
     */
    public Progress last() {
        LineBuffer.Found found = buffer.endLine(longest());
        return found == LineBuffer.Found.TOO_LONG || profile.endOfStreamEndsLine()
                ? progress(found)
                : Progress.INCOMPLETE;
    }

    private int longest() {
        boolean secret = count == 2 && profile.hasAuth() && Arrays.equals(lines[0], AUTH);
        return secret ? profile.longestSecret() : profile.longestLine();
    }

    private Progress progress(LineBuffer.Found found) {
        return switch (found) {
            case NOTHING -> Progress.INCOMPLETE;
            case TOO_LONG -> Progress.TOO_LONG;
            case LINE -> {
                lines[count] = buffer.line();
                if (profile.readsTextOnly() && !Utf8.isText(lines[count])) {
                    yield Progress.NO_TEXT;
                }
                count = (count + 1) % 3;
                yield count > 0 ? Progress.LINE : Progress.REQUEST;
            }
        };
    }

    /** The request that {@link #next} completed. */
    public Command command() {
        if (profile.hasStats() && Arrays.equals(lines[0], STATS)) {
            return new Command.Stats();
        }
        if (profile.hasAuth() && Arrays.equals(lines[0], AUTH)) {
            return new Command.Auth(Secret.of(lines[2]));
        }
        if (profile.hasPing() && Arrays.equals(lines[0], PING)) {
            return new Command.Ping();
        }
        Optional<CommandWord> word = CommandWord.of(lines[0], profile);
        if (word.isEmpty()) {
            return new Command.Malformed("unknown command");
        }
        if (!isKey(lines[1])) {
            return new Command.Malformed(
                    profile.takesSpacesInKeys()
                            ? "a key must not be empty"
                            : "a key must not be empty and must not contain space, tab or CR");
        }
        Fields fields = Fields.of(lines[2], profile);
        if (profile.takesAnyNumber()) {
            hugeLeases.asked(fields);
        }
        return word.get().command(Key.ofOwn(lines[1]), fields);
    }

    /** The line that answers the request, which must be the last one, with its line feed: the lease in it is the one that the client wrote. */
    public byte[] answer(Command request, Reply reply) {
        return profile.takesAnyNumber() ? hugeLeases.write(request, reply) : ReplyWriter.write(reply);
    }

    private boolean isKey(byte[] line) {
        for (byte b : line) {
            if (!profile.takesSpacesInKeys() && (b == ' ' || b == '\t' || b == '\r')) {
                return false;
            }
        }
        return line.length > 0;
    }

    /** The bytes of the first so many lines of the present request, which must have come and must not be changed. */
    public byte[][] raw(int most) {
        return Arrays.copyOf(lines, most);
    }

    /** How many lines of the unfinished request have come. */
    public int lines() {
        return count;
    }

    /** What the first line of the present request asks for. */
    public Class<? extends Command> kind() {
        if (profile.hasStats() && Arrays.equals(lines[0], STATS)) {
            return Command.Stats.class;
        }
        if (profile.hasAuth() && Arrays.equals(lines[0], AUTH)) {
            return Command.Auth.class;
        }
        if (profile.hasPing() && Arrays.equals(lines[0], PING)) {
            return Command.Ping.class;
        }
        return CommandWord.of(lines[0], profile)
                .<Class<? extends Command>>map(CommandWord::kind)
                .orElse(Command.Malformed.class);
    }

    /** The key in the second line of the present request, if it has come and is one. */
    public Optional<Key> key() {
        return count == 1 || !isKey(lines[1]) ? Optional.empty() : Optional.of(Key.of(lines[1]));
    }

    /** Whether no byte of an unfinished request has come. */
    public boolean isBetweenRequests() {
        return count == 0 && buffer.isAtLineStart();
    }

    /** How many bytes were read as lines since the beginning, with their line feeds. */
    public long taken() {
        return buffer.taken();
    }

    /** How many bytes wait for their turn. */
    public int buffered() {
        return buffer.size();
    }
}

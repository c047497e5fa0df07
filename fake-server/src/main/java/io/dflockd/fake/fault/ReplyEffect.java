package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What the client reads instead of its reply, or how.
 *
 * <p>{@code AFTER_APPLY_BEFORE_REPLY}: the request is carried out, whatever the client reads of it. Those that need no true reply, see each, may strike {@code
 * BEFORE_APPLY} too, and then nothing is carried out. The connection stays open and in use unless it says otherwise.
 */
public sealed interface ReplyEffect extends Effect
        permits ReplyEffect.Rewritten,
                ReplyEffect.Partial,
                ReplyEffect.Endless,
                ReplyEffect.Coalesce,
                ReplyEffect.Unsolicited,
                ReplyShape {

    /** Other bytes in place of the reply's, by {@link Rewriting}. */
    record Rewritten(Rewriting how, String text, long number) implements ReplyEffect {
        @Override
        public Set<Point> points() {
            return how.isFree() ? FREE : BOUND;
        }

        @Override
        public boolean fits(Reply reply) {
            return how.fits(reply);
        }

        @Override
        public Effect drawn(SplittableRandom random) {
            return how == Rewriting.GARBAGE && number == 0 ? new Rewritten(how, text, random.nextLong() | 1) : this;
        }

        @Override
        public String toString() {
            return how + (text.isEmpty() ? "" : "(" + text.strip() + ")") + (number == 0 ? "" : "(" + number + ")");
        }
    }

    /** See {@link ReplyEffect#partialReply}. */
    record Partial(int bytes, Optional<Effect.Ending> then) implements ReplyEffect {
        public Partial {
            checkCount(bytes, 0, "bytes");
        }
    }

    /** See {@link ReplyEffect#endlessLine}. */
    record Endless() implements ReplyEffect {
        @Override
        public Set<Point> points() {
            return FREE;
        }
    }

    /** See {@link ReplyEffect#coalesce}. */
    record Coalesce(int replies) implements ReplyEffect {
        public Coalesce {
            checkCount(replies, 2, "replies");
        }
    }

    /** See {@link ReplyEffect#unsolicitedLine}. */
    record Unsolicited(String line) implements ReplyEffect {
        @Override
        public Set<Point> points() {
            return UNASKED;
        }
    }

    /** Where the true reply is there. */
    Set<Point> BOUND = Set.of(Point.AFTER_APPLY_BEFORE_REPLY);

    /** Where some reply may be. */
    Set<Point> FREE = Set.of(Point.BEFORE_APPLY, Point.AFTER_APPLY_BEFORE_REPLY);

    /** Where no reply is due, or none yet. */
    Set<Point> UNASKED =
            Set.of(Point.ON_CONNECT, Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_REPLY, Point.IDLE);

    @Override
    default Set<Point> points() {
        return BOUND;
    }

    /**
     * The client reads exactly this line in place of the reply. Also {@code BEFORE_APPLY}.
     *
     * @param line without its line feed, which is added
     * @throws IllegalArgumentException if there is a line feed in it
     */
    static Effect reply(String line) {
        return rewritten(Rewriting.LINE, line);
    }

    /**
     * The client reads that it is refused with this status: {@code forced}, the server's state knows nothing of a reason. Also {@code BEFORE_APPLY}; later, the
     * client believes that nothing was done, and it was.
     */
    static Effect refuse(Status status) {
        return reply(status.word());
    }

    /** The client reads a status that no client knows yet, such as {@code error_future}. Also {@code BEFORE_APPLY}. */
    static Effect unknownStatus(String word) {
        return reply(word);
    }

    /** The client reads {@code error_not_leader host:port}, as a server of a cluster says it. Also {@code BEFORE_APPLY}. */
    static Effect notLeader(String leader) {
        return reply("error_not_leader " + leader);
    }

    /** The client reads no byte in place of the reply and waits; if it asks again, its next reply answers that. Also {@code BEFORE_APPLY}. */
    static Effect emptyReply() {
        return rewritten(Rewriting.NOTHING, "");
    }

    /** The client reads a line feed alone. Also {@code BEFORE_APPLY}. */
    static Effect blankLine() {
        return reply("");
    }

    /**
     * The client reads the first bytes of the reply, at most all but its line feed, and no more; if it asks again, the next reply goes on in the same line.
     *
     * @throws IllegalArgumentException if the number is negative
     */
    static Effect partialReply(int bytes) {
        return new Partial(bytes, Optional.empty());
    }

    /**
     * The client reads the first bytes of the reply, at most all but its line feed, and then what the end makes it read: {@link Effect#close}, {@link
     * Effect#reset}, {@link Effect#stall} and the like. The rest of the reply never comes, not even when a stall is released.
     *
     * @throws IllegalArgumentException if the number is negative or the effect is no end
     */
    static Effect partialReply(int bytes, Effect then) {
        if (!(then instanceof Effect.Ending ending)) {
            throw new IllegalArgumentException("a partial reply ends by a close, a reset or a stall, not by " + then);
        }
        return new Partial(bytes, Optional.of(ending));
    }

    /** The client reads the reply without its line feed and waits for the rest; if it asks again, the next reply goes on in the same line. */
    static Effect missingNewline() {
        return rewritten(Rewriting.NO_NEWLINE, "");
    }

    /** The client reads the reply twice: the second as the answer to its next request, unless it takes unasked bytes for the end. */
    static Effect duplicateReply() {
        return rewritten(Rewriting.TWICE, "");
    }

    /**
     * The client reads a line that nobody asked for: before any request, before a reply, while it waits in a queue, behind the reply, or while the connection is
     * idle. What it asked for is answered as ever.
     *
     * @param line without its line feed, which is added
     * @throws IllegalArgumentException if there is a line feed in it
     */
    static Effect unsolicitedLine(String line) {
        return new Unsolicited(checkLine(line));
    }

    /** The client reads a line of 64 random bytes; they change with each strike, by the server's seed. Also {@code BEFORE_APPLY}. */
    static Effect garbage() {
        return garbage(0);
    }

    /** The client reads a line of 64 random bytes, the same for the same seed; 0 draws one. Also {@code BEFORE_APPLY}. */
    static Effect garbage(long seed) {
        return new Rewritten(Rewriting.GARBAGE, "", seed);
    }

    /**
     * The client reads the reply with so many {@code x} behind it that the line has this many bytes before its line feed; a reply that is as long itself is left
     * as it is.
     *
     * @throws IllegalArgumentException if it would not be longer than a request may be, 256 bytes, or is longer than 16 MiB
     */
    static Effect overlongLine(int bytes) {
        checkCount(bytes, 257, "bytes of an overlong line");
        if (bytes > Rewriting.MOST_BYTES) {
            throw new IllegalArgumentException("at most " + Rewriting.MOST_BYTES + " bytes of an overlong line, not "
                    + bytes + "; or take endlessLine()");
        }
        return new Rewritten(Rewriting.OVERLONG, "", bytes);
    }

    /**
     * The client reads a line that never ends: 16 KiB of {@code x} every 10 ms of the server's clock, while it takes them. Also {@code BEFORE_APPLY}.
     *
     * <p>A client that stops reading is cut off at the server's write timeout, one that closes within two such pauses; the server then frees what it holds.
     */
    static Effect endlessLine() {
        return new Endless();
    }

    /** The client reads a reply that ends with CR LF. */
    static Effect crlf() {
        return rewritten(Rewriting.CRLF, "");
    }

    /** The client reads {@code okay} in place of {@code ok}, the rest as it is: for clients that look at the first two letters. Strikes only replies that begin with it. */
    static Effect okPrefix() {
        return rewritten(Rewriting.OK_PREFIX, "");
    }

    /**
     * The client reads this in place of the lease of a grant, or of what a renewal answers: {@code x}, {@code -1}, {@code 99999999999999999999}; with an empty
     * text neither the lease nor the space before it. Strikes only these.
     *
     * @throws IllegalArgumentException if there is a line feed in it
     */
    static Effect badLease(String text) {
        return rewritten(Rewriting.BAD_LEASE, text);
    }

    /** The client reads a grant without its token: {@code ok 33}. Strikes only grants. */
    static Effect missingToken() {
        return rewritten(Rewriting.NO_TOKEN, "");
    }

    /** The client reads a grant whose token lacks its last digit. Strikes only grants. */
    static Effect shortToken() {
        return rewritten(Rewriting.SHORT_TOKEN, "");
    }

    /** The client reads a grant with {@code zz} for the first two digits of its token. Strikes only grants. */
    static Effect nonHexToken() {
        return rewritten(Rewriting.NON_HEX_TOKEN, "");
    }

    /** The client reads the bytes E9, FF and 80 right behind the first word of the reply: neither ASCII nor UTF-8. */
    static Effect nonAscii() {
        return rewritten(Rewriting.NON_ASCII, "");
    }

    /** The client reads the first half of a {@code stats} line, its JSON breaks off. Strikes only {@code stats}. */
    static Effect malformedStats() {
        return rewritten(Rewriting.BROKEN_JSON, "");
    }

    /**
     * The client reads a well-formed reply to another command: a grant ({@code ok TOKEN 33}) in place of {@code acquired} and {@code queued}, else {@code
     * queued}. Strikes all replies but {@code error...}, which every command may get.
     */
    static Effect wrongReplyKind() {
        return rewritten(Rewriting.WRONG_KIND, "");
    }

    /**
     * The client reads the reply in this many pieces, or byte by byte if it has fewer bytes: the first at once, the last at the end of the time, the others evenly
     * between, by the server's clock.
     *
     * @throws IllegalArgumentException if there are no chunks or the time is negative
     */
    static Effect dribble(int chunks, Duration total) {
        return new ReplyShape.Dribble(chunks, total);
    }

    /**
     * The client reads the reply in pieces of these sizes, each written by itself, and the rest in one; the network may still join them.
     *
     * @throws IllegalArgumentException if there is no size, or one is less than 1
     */
    static Effect slice(int... sizes) {
        return slice(Duration.ZERO, sizes);
    }

    /** {@link #slice(int...)} with this much time of the server's clock before each further piece, so that nothing joins them. */
    static Effect slice(Duration gap, int... sizes) {
        return new ReplyShape.Slice(gap, IntStream.of(sizes).boxed().toList());
    }

    /**
     * The client reads the reply in two pieces, cut inside its first character of several bytes, with this much time of the server's clock between. Strikes only
     * {@code stats} with such a key.
     */
    static Effect splitInsideUtf8(Duration gap) {
        return new ReplyShape.SplitUtf8(gap);
    }

    /**
     * The client reads this reply and the next ones, n in all, in one write: only for clients that send requests ahead, others wait for the rest until something
     * else is sent, such as the {@code error} at the read timeout, or the stream ends; then those held back come first. A reset loses them.
     *
     * @throws IllegalArgumentException if n is less than 2
     */
    static Effect coalesce(int n) {
        return new Coalesce(n);
    }

    /**
     * The client reads the reply slowly, so many bytes in a second of the server's clock: byte by byte, or from 200 in a second on in pieces of about 10 ms. The
     * first piece comes at once.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    static Effect bandwidth(int bytesPerSecond) {
        return new ReplyShape.Bandwidth(bytesPerSecond);
    }

    private static Effect rewritten(Rewriting how, String text) {
        return new Rewritten(how, checkLine(text), 0);
    }

    private static String checkLine(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException(
                    "a line feed ends a line and is added: give one line without it, not " + line.replace("\n", "\\n"));
        }
        return line;
    }

    private static void checkCount(long count, long least, String what) {
        if (count < least) {
            throw new IllegalArgumentException("at least " + least + ' ' + what + ", not " + count);
        }
    }
}

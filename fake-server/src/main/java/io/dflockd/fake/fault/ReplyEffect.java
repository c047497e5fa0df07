package io.dflockd.fake.fault;

import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What the client reads instead of its reply, or how.
 *
 * <p>{@code AFTER_APPLY_BEFORE_REPLY}: the request is carried out, whatever the client reads of it. Those that need no true reply, see each, may strike {@code
 * BEFORE_APPLY} too, and then nothing is carried out. The connection stays open and in use unless it says otherwise.
 */
public sealed interface ReplyEffect extends Effect {

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

    /** See {@link ReplyEffect#dribble}. */
    record Dribble(int chunks, Duration total) implements ReplyEffect {
        public Dribble {
            checkCount(chunks, 1, "chunks");
            checkTime(total);
        }
    }

    /** See {@link ReplyEffect#slice}. */
    record Slice(Duration gap, int[] sizes) implements ReplyEffect {
        public Slice {
            checkTime(gap);
            sizes = sizes.clone();
            checkCount(sizes.length, 1, "slices");
            Arrays.stream(sizes).forEach(size -> checkCount(size, 1, "bytes in a slice"));
        }

        @Override
        public int[] sizes() {
            return sizes.clone();
        }

        @Override
        public String toString() {
            return "Slice[gap=" + gap + ", sizes=" + Arrays.toString(sizes) + ']';
        }
    }

    /** See {@link ReplyEffect#splitInsideUtf8}. */
    record SplitUtf8(Duration gap) implements ReplyEffect {
        public SplitUtf8 {
            checkTime(gap);
        }

        @Override
        public boolean fits(Reply reply) {
            return reply instanceof Reply.Stats stats && stats.json().chars().anyMatch(c -> c >= 0x80);
        }
    }

    /** See {@link ReplyEffect#bandwidth}. */
    record Bandwidth(int bytesPerSecond) implements ReplyEffect {
        public Bandwidth {
            checkCount(bytesPerSecond, 1, "bytes per second");
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

    /** The client reads exactly this line in place of the reply. Also {@code BEFORE_APPLY}. */
    static Effect reply(String line) {
        return rewritten(Rewriting.LINE, line);
    }

    /** The client is refused with this status: {@code forced}, the server's state knows nothing of a reason. Also {@code BEFORE_APPLY}. */
    static Effect refuse(Status status) {
        return reply(status.word());
    }

    /** A status that no client knows yet, such as {@code error_future}. Also {@code BEFORE_APPLY}. */
    static Effect unknownStatus(String word) {
        return reply(word);
    }

    /** {@code error_not_leader host:port}, as a server of a cluster says it. Also {@code BEFORE_APPLY}. */
    static Effect notLeader(String leader) {
        return reply("error_not_leader " + leader);
    }

    /** No byte in place of the reply: the client waits, and its next reply answers its next request. Also {@code BEFORE_APPLY}. */
    static Effect emptyReply() {
        return rewritten(Rewriting.NOTHING, "");
    }

    /** A line feed alone. Also {@code BEFORE_APPLY}. */
    static Effect blankLine() {
        return reply("");
    }

    /** The first bytes of the reply, and no more; the next reply goes on in the same line. */
    static Effect partialReply(int bytes) {
        return new Partial(bytes, Optional.empty());
    }

    /** The first bytes of the reply, then the end: {@link Effect#close}, {@link Effect#reset}, {@link Effect#stall} and the like. */
    static Effect partialReply(int bytes, Effect then) {
        if (!(then instanceof Effect.Ending ending)) {
            throw new IllegalArgumentException("a partial reply ends by a close, a reset or a stall, not by " + then);
        }
        return new Partial(bytes, Optional.of(ending));
    }

    /** The reply without its line feed: the client waits for the rest, and the next reply goes on in the same line. */
    static Effect missingNewline() {
        return rewritten(Rewriting.NO_NEWLINE, "");
    }

    /** The reply twice: the client reads the second as the answer to its next request, unless it takes unasked bytes for the end. */
    static Effect duplicateReply() {
        return rewritten(Rewriting.TWICE, "");
    }

    /** A line that nobody asked for: before any request, before a reply, while the client waits in a queue, behind the reply, or while the connection is idle. */
    static Effect unsolicitedLine(String line) {
        return new Unsolicited(checkLine(line));
    }

    /** A line of random bytes; they change with each strike, by the server's seed. Also {@code BEFORE_APPLY}. */
    static Effect garbage() {
        return garbage(0);
    }

    /** A line of random bytes, the same for the same seed; 0 draws one. Also {@code BEFORE_APPLY}. */
    static Effect garbage(long seed) {
        return new Rewritten(Rewriting.GARBAGE, "", seed);
    }

    /** The reply with so much behind it that the line has this many bytes before its line feed. */
    static Effect overlongLine(int bytes) {
        checkCount(bytes, 257, "bytes of an overlong line");
        return new Rewritten(Rewriting.OVERLONG, "", bytes);
    }

    /** A line that never ends: 16 KiB every 10 ms of the server's clock, while the client reads. Also {@code BEFORE_APPLY}. */
    static Effect endlessLine() {
        return new Endless();
    }

    /** The reply ends with CR LF. */
    static Effect crlf() {
        return rewritten(Rewriting.CRLF, "");
    }

    /** {@code okay} in place of {@code ok}, the rest as it is: for clients that look at the first two letters. Strikes only replies that begin with it. */
    static Effect okPrefix() {
        return rewritten(Rewriting.OK_PREFIX, "");
    }

    /** This in place of the lease of a grant, or of what a renewal answers: {@code x}, {@code -1}, {@code 99999999999999999999}, nothing. */
    static Effect badLease(String text) {
        return rewritten(Rewriting.BAD_LEASE, text);
    }

    /** A grant without its token. Strikes only grants. */
    static Effect missingToken() {
        return rewritten(Rewriting.NO_TOKEN, "");
    }

    /** A grant whose token lacks its last digit. Strikes only grants. */
    static Effect shortToken() {
        return rewritten(Rewriting.SHORT_TOKEN, "");
    }

    /** A grant whose token begins with {@code zz}. Strikes only grants. */
    static Effect nonHexToken() {
        return rewritten(Rewriting.NON_HEX_TOKEN, "");
    }

    /** The reply with three bytes behind its first word that are no ASCII. */
    static Effect nonAscii() {
        return rewritten(Rewriting.NON_ASCII, "");
    }

    /** {@code stats} whose JSON breaks off in the middle. Strikes only {@code stats}. */
    static Effect malformedStats() {
        return rewritten(Rewriting.BROKEN_JSON, "");
    }

    /** A well-formed reply to another command: {@code queued} in place of a grant, a grant in place of anything else. */
    static Effect wrongReplyKind() {
        return rewritten(Rewriting.WRONG_KIND, "");
    }

    /** The reply in this many pieces, spread evenly over the time. */
    static Effect dribble(int chunks, Duration total) {
        return new Dribble(chunks, total);
    }

    /** The reply in pieces of these sizes, each written by itself, and the rest in one; the network may still join them. */
    static Effect slice(int... sizes) {
        return slice(Duration.ZERO, sizes);
    }

    /** {@link #slice(int...)} with this much time before each further piece. */
    static Effect slice(Duration gap, int... sizes) {
        return new Slice(gap, sizes);
    }

    /** The reply in two pieces, cut inside its first character of several bytes. Strikes only {@code stats} with such a key. */
    static Effect splitInsideUtf8(Duration gap) {
        return new SplitUtf8(gap);
    }

    /** This reply and the next ones, n in all, in one write: only for clients that send requests ahead, others wait for ever. */
    static Effect coalesce(int n) {
        return new Coalesce(n);
    }

    /** The reply byte by byte, so many in a second. */
    static Effect bandwidth(int bytesPerSecond) {
        return new Bandwidth(bytesPerSecond);
    }

    private static Effect rewritten(Rewriting how, String text) {
        return new Rewritten(how, checkLine(text), 0);
    }

    private static String checkLine(String line) {
        if (line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("one line without its line feed, please");
        }
        return line;
    }

    private static void checkCount(long count, long least, String what) {
        if (count < least) {
            throw new IllegalArgumentException("at least " + least + ' ' + what + ", not " + count);
        }
    }

    private static void checkTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
    }
}

package io.dflockd.fake.fault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;

/** What is written in place of a reply, piece by piece; made as it is needed, since replies may be long. */
public final class Pieces {

    private static final Duration ENDLESS_PAUSE = Duration.ofMillis(10);
    private static final int ENDLESS_BYTES = 16 * 1024;
    private static final int NANOS_PER_SECOND = 1_000_000_000;

    /** Faster than this many bytes in a second, several of them make a piece. */
    private static final int MOST_PIECES_PER_SECOND = 100;

    private Pieces() {}

    /** The pieces that this effect makes of a line, which ends with its line feed; without an end for an endless line. */
    public static Iterator<Piece> of(ReplyEffect effect, byte[] line) {
        if (effect instanceof ReplyEffect.Rewritten rewritten) {
            return one(rewritten.how().rewrite(line, rewritten.text(), rewritten.number()));
        } else if (effect instanceof ReplyEffect.Partial partial) {
            return one(Arrays.copyOf(line, Math.min(partial.bytes(), line.length - 1)));
        } else if (effect instanceof ReplyShape.Dribble dribble) {
            return dribble(dribble, line);
        } else if (effect instanceof ReplyShape.Slice slice) {
            List<Integer> sizes = slice.sizes();
            return cut(line, i -> i < sizes.size() ? sizes.get(i) : line.length, i -> slice.gap());
        } else if (effect instanceof ReplyShape.SplitUtf8 split) {
            int first = insideCharacter(line);
            return cut(line, i -> i == 0 ? first : line.length, i -> split.gap());
        } else if (effect instanceof ReplyShape.Bandwidth bandwidth) {
            return bandwidth(bandwidth.bytesPerSecond(), line);
        } else if (effect instanceof ReplyEffect.Endless) {
            return endless();
        }
        return one(line);
    }

    /** A line of text with its line feed. */
    public static byte[] line(String text) {
        return (text + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static Iterator<Piece> one(byte[] bytes) {
        return List.of(Piece.atOnce(bytes)).iterator();
    }

    /** Never more pieces than bytes; the last comes exactly at the end of the time. */
    private static Iterator<Piece> dribble(ReplyShape.Dribble dribble, byte[] line) {
        int chunks = Math.min(dribble.chunks(), line.length);
        int gaps = Math.max(1, chunks - 1);
        Duration gap = dribble.total().dividedBy(gaps);
        Duration last = dribble.total().minus(gap.multipliedBy(gaps - 1L));
        return cut(
                line,
                i -> (int) ((i + 1L) * line.length / chunks - (long) i * line.length / chunks),
                i -> i == gaps ? last : gap);
    }

    private static Iterator<Piece> bandwidth(int bytesPerSecond, byte[] line) {
        int size = Math.max(1, bytesPerSecond / MOST_PIECES_PER_SECOND);
        Duration gap = Duration.ofNanos((long) size * NANOS_PER_SECOND / bytesPerSecond);
        return cut(line, i -> size, i -> gap);
    }

    /** The first piece comes at once; each further one so long after the one before. */
    private static Iterator<Piece> cut(byte[] line, IntUnaryOperator size, IntFunction<Duration> gap) {
        return new Iterator<>() {
            private int at;
            private int number;

            @Override
            public boolean hasNext() {
                return at < line.length;
            }

            @Override
            public Piece next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("all " + number + " pieces are out");
                }
                int end = at + Math.min(size.applyAsInt(number), line.length - at);
                Duration before = number == 0 ? Duration.ZERO : gap.apply(number);
                Piece piece = new Piece(before, Arrays.copyOfRange(line, at, end));
                at = end;
                number++;
                return piece;
            }
        };
    }

    /** How many bytes lie before the middle of the first character that has several; the whole line if none has. */
    private static int insideCharacter(byte[] line) {
        for (int i = 0; i < line.length; i++) {
            if (line[i] < 0) {
                return i + 1;
            }
        }
        return line.length;
    }

    private static Iterator<Piece> endless() {
        byte[] bytes = new byte[ENDLESS_BYTES];
        Arrays.fill(bytes, (byte) 'x');
        return new Iterator<>() {
            private Duration before = Duration.ZERO;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Piece next() {
                Piece piece = new Piece(before, bytes);
                before = ENDLESS_PAUSE;
                return piece;
            }
        };
    }
}

package io.dflockd.fake.fault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** What is written in place of a reply, piece by piece. */
public final class Pieces {

    private static final Duration ENDLESS_PAUSE = Duration.ofMillis(10);
    private static final int ENDLESS_BYTES = 16 * 1024;

    private Pieces() {}

    /** The pieces that this effect makes of a line, which ends with its line feed; without an end for an endless line. */
    public static Iterator<Piece> of(ReplyEffect effect, byte[] line) {
        if (effect instanceof ReplyEffect.Rewritten rewritten) {
            return one(rewritten.how().rewrite(line, rewritten.text(), rewritten.number()));
        } else if (effect instanceof ReplyEffect.Partial partial) {
            return one(Arrays.copyOf(line, Math.min(partial.bytes(), line.length - 1)));
        } else if (effect instanceof ReplyEffect.Dribble dribble) {
            return dribble(dribble, line).iterator();
        } else if (effect instanceof ReplyEffect.Slice slice) {
            return cut(line, slice.gap(), slice.sizes()).iterator();
        } else if (effect instanceof ReplyEffect.SplitUtf8 split) {
            return cut(line, split.gap(), insideCharacter(line)).iterator();
        } else if (effect instanceof ReplyEffect.Bandwidth bandwidth) {
            int[] sizes = new int[line.length];
            Arrays.fill(sizes, 1);
            return cut(line, Duration.ofNanos(1_000_000_000L / bandwidth.bytesPerSecond()), sizes)
                    .iterator();
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

    /** Never more pieces than bytes. */
    private static List<Piece> dribble(ReplyEffect.Dribble dribble, byte[] line) {
        int chunks = Math.min(dribble.chunks(), line.length);
        int[] sizes = new int[chunks];
        for (int i = 0; i < chunks; i++) {
            sizes[i] = (i + 1) * line.length / chunks - i * line.length / chunks;
        }
        Duration gap = chunks == 1 ? Duration.ZERO : dribble.total().dividedBy(chunks - 1);
        return cut(line, gap, sizes);
    }

    private static List<Piece> cut(byte[] line, Duration gap, int... sizes) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        for (int i = 0; at < line.length; i++) {
            int size = i < sizes.length ? Math.min(sizes[i], line.length - at) : line.length - at;
            pieces.add(new Piece(i == 0 ? Duration.ZERO : gap, Arrays.copyOfRange(line, at, at + size)));
            at += size;
        }
        return pieces;
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

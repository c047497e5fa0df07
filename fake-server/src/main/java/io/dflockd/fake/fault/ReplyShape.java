package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Reply;
import java.time.Duration;
import java.util.List;

/** The true reply, every byte of it, in pieces over time. Made by the methods of {@link ReplyEffect}. */
public sealed interface ReplyShape extends ReplyEffect {

    /** See {@link ReplyEffect#dribble}. */
    record Dribble(int chunks, Duration total) implements ReplyShape {
        public Dribble {
            checkCount(chunks, "chunks");
            checkTime(total);
        }
    }

    /** See {@link ReplyEffect#slice}. */
    record Slice(Duration gap, List<Integer> sizes) implements ReplyShape {
        public Slice {
            checkTime(gap);
            sizes = List.copyOf(sizes);
            checkCount(sizes.size(), "slices");
            sizes.forEach(size -> checkCount(size, "bytes in a slice"));
        }
    }

    /** See {@link ReplyEffect#splitInsideUtf8}. */
    record SplitUtf8(Duration gap) implements ReplyShape {
        public SplitUtf8 {
            checkTime(gap);
        }

        @Override
        public boolean fits(Reply reply) {
            return reply instanceof Reply.Stats stats && stats.json().chars().anyMatch(c -> c >= 0x80);
        }
    }

    /** See {@link ReplyEffect#bandwidth}. */
    record Bandwidth(int bytesPerSecond) implements ReplyShape {
        public Bandwidth {
            checkCount(bytesPerSecond, "bytes per second");
        }
    }

    private static void checkCount(long count, String what) {
        if (count < 1) {
            throw new IllegalArgumentException("at least 1 of the " + what + ", not " + count);
        }
    }

    private static void checkTime(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + time);
        }
    }
}

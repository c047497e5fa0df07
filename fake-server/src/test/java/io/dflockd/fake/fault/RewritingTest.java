package io.dflockd.fake.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.ReplyWriter;
import io.dflockd.fake.protocol.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way of rewriting fits a reply, and changes it, or does not fit; none fails. */
class RewritingTest {

    private static final String TOKEN = "00112233445566778899aabbccddeeff";

    private static Stream<Reply> replies() {
        Stream<Reply> refusals = Arrays.stream(Status.values()).map(Reply.Refused::new);
        Stream<Reply> others = Stream.of(
                new Reply.Granted(TOKEN, 33),
                new Reply.Acquired(TOKEN, 1),
                new Reply.Queued(),
                new Reply.Renewed(0),
                new Reply.Done(),
                new Reply.Stats("{}"),
                new Reply.Stats("{\"locks\":[{\"key\":\"a b\u00e9\"}]}"),
                new Reply.TimedOut());
        return Stream.concat(refusals, others);
    }

    @ParameterizedTest
    @EnumSource(Rewriting.class)
    void every_reply_that_fits_is_changed(Rewriting how) {
        replies().filter(how::fits).forEach(reply -> {
            byte[] line = ReplyWriter.write(reply);
            assertThat(how.rewrite(line, "text", 300))
                    .as("%s of %s", how, reply)
                    .isNotEqualTo(line);
        });
        assertThat(replies().anyMatch(how::fits)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Rewriting.class)
    void what_needs_no_reply_fits_all_and_none(Rewriting how) {
        if (how.isFree()) {
            assertThat(replies()).allMatch(how::fits);
            byte[] withoutReply = how.rewrite(new byte[0], "text", 3);
            assertThat(how.rewrite(ReplyWriter.write(new Reply.Done()), "text", 3))
                    .isEqualTo(withoutReply);
        }
    }

    @Test
    void shapes_leave_every_byte_as_it_is() {
        byte[] line = ReplyWriter.write(new Reply.Stats("\u00e9".repeat(100_000)));
        List<Effect> shapes = List.of(
                ReplyEffect.dribble(1, Duration.ofSeconds(1)),
                ReplyEffect.dribble(99_999, Duration.ofSeconds(1)),
                ReplyEffect.dribble(Integer.MAX_VALUE, Duration.ofSeconds(Long.MAX_VALUE)),
                ReplyEffect.slice(1, 2, Integer.MAX_VALUE),
                ReplyEffect.splitInsideUtf8(Duration.ZERO),
                ReplyEffect.bandwidth(1),
                ReplyEffect.bandwidth(Integer.MAX_VALUE),
                ReplyEffect.coalesce(2));
        for (Effect shape : shapes) {
            assertThat(join(Pieces.of((ReplyEffect) shape, line), line.length))
                    .as(shape.toString())
                    .isEqualTo(line);
        }
    }

    private static byte[] join(Iterator<Piece> pieces, int length) {
        byte[] all = new byte[length];
        int at = 0;
        while (pieces.hasNext()) {
            byte[] bytes = pieces.next().bytes();
            assertThat(bytes).isNotEmpty();
            System.arraycopy(bytes, 0, all, at, bytes.length);
            at += bytes.length;
        }
        assertThat(at).isEqualTo(length);
        return all;
    }
}

package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** V0 answers with the very number that was asked for, whatever its length (PROTOCOL.md section 1). */
class HugeLeasesTest {

    private static final String HUGE = "99999999999999999999";
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private final RequestParser parser = new RequestParser(Profile.V0);

    @Test
    void a_grant_says_the_number() {
        assertThat(ask("l\nk\n0 " + HUGE + "\n", granted(Long.MAX_VALUE))).isEqualTo("ok " + TOKEN + " " + HUGE);
    }

    @Test
    void a_renew_says_one_less() {
        assertThat(ask("n\nk\n" + TOKEN + " " + HUGE + "\n", new Reply.Renewed(Long.MAX_VALUE - 1)))
                .isEqualTo("ok 99999999999999999998");
    }

    @Test
    void an_await_says_the_number_of_its_enqueue_and_of_no_other_key() {
        assertThat(ask("e\nk\n" + HUGE + "\n", new Reply.Queued())).isEqualTo("queued");
        assertThat(ask("e\nother\n1" + HUGE + "\n", acquired(Long.MAX_VALUE)))
                .isEqualTo("acquired " + TOKEN + " 1" + HUGE);
        assertThat(ask("e\nk\n7\n", new Reply.Refused(Status.ERROR))).isEqualTo("error");

        assertThat(ask("w\nk\n5\n", granted(Long.MAX_VALUE))).isEqualTo("ok " + TOKEN + " " + HUGE);
        assertThat(ask("w\nk\n5\n", new Reply.Refused(Status.ERROR))).isEqualTo("error");
    }

    @Test
    void a_later_enqueue_counts_and_not_what_was_lost() {
        ask("e\nk\n" + HUGE + "\n", acquired(Long.MAX_VALUE));
        assertThat(ask("e\nk\n\n", acquired(33))).isEqualTo("acquired " + TOKEN + " 33");

        assertThat(ask("w\nk\n5\n", granted(33))).isEqualTo("ok " + TOKEN + " 33");
    }

    @Test
    void numbers_of_64_bits_are_said_as_they_are() {
        assertThat(ask("l\nk\n0 " + Long.MAX_VALUE + "\n", granted(Long.MAX_VALUE)))
                .isEqualTo("ok " + TOKEN + " " + Long.MAX_VALUE);
        assertThat(ask("l\nk\n0\n", granted(33))).isEqualTo("ok " + TOKEN + " 33");
    }

    @Test
    void the_others_never_ask_for_more() {
        RequestParser v1 = new RequestParser(Profile.V1);

        assertThat(v1.answer(new Command.Stats(), granted(Long.MAX_VALUE)))
                .isEqualTo(ReplyWriter.write(granted(Long.MAX_VALUE)));
    }

    private String ask(String request, Reply reply) {
        byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
        parser.append(bytes, 0, bytes.length);
        while (parser.next() != RequestParser.Progress.REQUEST) {
            assertThat(parser.buffered()).as("of the request").isPositive();
        }
        return new String(parser.answer(parser.command(), reply), StandardCharsets.UTF_8).strip();
    }

    private static Reply granted(long seconds) {
        return new Reply.Granted(TOKEN, seconds);
    }

    private static Reply acquired(long seconds) {
        return new Reply.Acquired(TOKEN, seconds);
    }
}

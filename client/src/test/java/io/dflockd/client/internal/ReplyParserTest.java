package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of reply, and what is none. */
class ReplyParserTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @Test
    void each_command_has_its_replies() throws IOException {
        assertThat(parse(Command.ACQUIRE, "ok " + TOKEN + " 33")).isEqualTo(new Reply.Granted(TOKEN, 33));
        assertThat(parse(Command.AWAIT, "ok " + TOKEN + " 1")).isEqualTo(new Reply.Granted(TOKEN, 1));
        assertThat(parse(Command.ACQUIRE, "timeout")).isEqualTo(new Reply.TimedOut());
        assertThat(parse(Command.AWAIT, "timeout")).isEqualTo(new Reply.TimedOut());
        assertThat(parse(Command.ENQUEUE, "queued")).isEqualTo(new Reply.Queued());
        assertThat(parse(Command.ENQUEUE, "acquired " + TOKEN + " 20")).isEqualTo(new Reply.Acquired(TOKEN, 20));
        assertThat(parse(Command.RENEW, "ok 0")).isEqualTo(new Reply.Renewed(0));
        assertThat(parse(Command.RELEASE, "ok")).isEqualTo(new Reply.Released());
        assertThat(parse(Command.STATS, "ok {\"a\": 1}")).isEqualTo(new Reply.Stats("{\"a\": 1}"));
    }

    @Test
    void further_fields_and_carriage_returns_are_ignored() throws IOException {
        assertThat(parse(Command.ACQUIRE, "ok " + TOKEN + " 33 fence 7")).isEqualTo(new Reply.Granted(TOKEN, 33));
        assertThat(parse(Command.RENEW, "ok 12 later")).isEqualTo(new Reply.Renewed(12));
        assertThat(parse(Command.RELEASE, "ok thanks\r\r")).isEqualTo(new Reply.Released());
        assertThat(parse(Command.ACQUIRE, "timeout 3")).isEqualTo(new Reply.TimedOut());
    }

    @ParameterizedTest
    @EnumSource
    void every_command_may_be_refused_with_a_status_of_the_future(Command command) throws IOException {
        assertThat(parse(command, "error")).isEqualTo(new Reply.Refused("error"));
        assertThat(parse(command, "error_future host:1")).isEqualTo(new Reply.Refused("error_future"));
        assertThat(parse(command, "error_not_leader 10.0.0.7:6388 x"))
                .isEqualTo(new Reply.Refused("error_not_leader", "10.0.0.7:6388"));
    }

    @ParameterizedTest
    @CsvSource({
        "ACQUIRE, okay " + TOKEN + " 33",
        "ACQUIRE, OK " + TOKEN + " 33",
        "ACQUIRE, ok",
        "ACQUIRE, ok 33",
        "ACQUIRE, ok " + TOKEN,
        "ACQUIRE, ok " + TOKEN + "0 33",
        "ACQUIRE, ok 0123456789ABCDEF0123456789ABCDEF 33",
        "ACQUIRE, ok " + TOKEN + " 0",
        "ACQUIRE, ok " + TOKEN + " -1",
        "ACQUIRE, ok " + TOKEN + " 1.5",
        "ACQUIRE, ok " + TOKEN + " 99999999999999999999",
        "ACQUIRE, queued",
        "ACQUIRE, acquired " + TOKEN + " 33",
        "ACQUIRE, ''",
        "ACQUIRE, errors",
        "ACQUIRE, timeouts",
        "ENQUEUE, ok " + TOKEN + " 33",
        "ENQUEUE, timeout",
        "ENQUEUE, acquired",
        "RENEW, ok",
        "RENEW, ok " + TOKEN,
        "RENEW, timeout",
        "RELEASE, timeout",
        "RELEASE, 7",
        "STATS, ok",
    })
    void anything_else_is_malformed_and_the_message_shows_no_token(Command command, String line) {
        assertThatThrownBy(() -> parse(command, line))
                .isInstanceOf(MalformedReplyException.class)
                .message()
                .doesNotContainIgnoringCase(TOKEN.substring(0, 8));
    }

    @Test
    void replies_do_not_show_their_token() {
        assertThat(new Reply.Granted(TOKEN, 33).toString() + new Reply.Acquired(TOKEN, 33))
                .doesNotContain(TOKEN)
                .contains("33");
    }

    private static Reply parse(Command command, String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return ReplyParser.parse(command, bytes, bytes.length);
    }
}

package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {

    private static final Command PING = new Command.Ping();

    static Stream<Reply> replies() {
        return Stream.of(
                new Reply.Granted("0123456789abcdef0123456789abcdef", 33),
                new Reply.Acquired("0123456789abcdef0123456789abcdef", 33),
                new Reply.Queued(),
                new Reply.Renewed(0),
                new Reply.Done(),
                new Reply.TimedOut(),
                new Reply.Refused(Status.ERROR),
                new Reply.Refused(Status.DRAINING),
                new Reply.Other("error_future"));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void what_the_writer_writes_is_read_again(Reply reply) {
        assertThat(ReplyReader.read(PING, ReplyWriter.write(reply))).isEqualTo(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "okay", "ok x", "no 33", "ok t 33", "ok token x", "given token 33", "ok a b c", "ok\r"})
    void anything_else_is_kept_as_it_is(String line) {
        assertThat(read(PING, line)).isEqualTo(new Reply.Other(line));
    }

    @Test
    void only_stats_are_answered_with_json() {
        String json = "{\"connections\":1}";

        assertThat(read(new Command.Stats(), "ok " + json)).isEqualTo(new Reply.Stats(json));
        assertThat(read(new Command.Stats(), "error")).isEqualTo(new Reply.Refused(Status.ERROR));
        assertThat(read(PING, "ok " + json)).isEqualTo(new Reply.Other("ok " + json));
    }

    private static Reply read(Command request, String line) {
        return ReplyReader.read(request, (line + '\n').getBytes(StandardCharsets.UTF_8));
    }
}

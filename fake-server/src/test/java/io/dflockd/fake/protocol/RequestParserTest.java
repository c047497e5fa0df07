package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.RequestParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md section 1, where the transcripts do not go. */
class RequestParserTest {

    private static final Key KEY = Key.of("k");

    private final RequestParser parser = new RequestParser(Profile.V1);

    @Test
    void every_command_has_its_fields() {
        assertThat(parse("l\nk\n3\n")).isEqualTo(new Command.Acquire(Family.LOCK, KEY, 3, 1, OptionalLong.empty()));
        assertThat(parse("sl\nk\n3 2 9\n"))
                .isEqualTo(new Command.Acquire(Family.SEMAPHORE, KEY, 3, 2, OptionalLong.of(9)));
        assertThat(parse("e\nk\n\n")).isEqualTo(new Command.Enqueue(Family.LOCK, KEY, 1, OptionalLong.empty()));
        assertThat(parse("se\nk\n4 9\n")).isEqualTo(new Command.Enqueue(Family.SEMAPHORE, KEY, 4, OptionalLong.of(9)));
        assertThat(parse("sw\nk\n3\n")).isEqualTo(new Command.Await(Family.SEMAPHORE, KEY, 3));
        assertThat(parse("r\nk\nabc\n")).isEqualTo(new Command.Release(Family.LOCK, KEY, "abc"));
        assertThat(parse("sn\nk\nabc 9\n"))
                .isEqualTo(new Command.Renew(Family.SEMAPHORE, KEY, "abc", OptionalLong.of(9)));
        assertThat(parse("stats\na b\nc d\n")).isEqualTo(new Command.Stats());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\t", "\u000b", "\f", "\r", " ", "\u0085", "\u00a0", "\u1680", "\u2000", "\u200a", "\u2028", "\u2029",
                "\u202f", "\u205f", "\u3000"
            })
    void unicode_white_space_separates_fields(String space) {
        assertThat(parse("n\nk\n" + space + "abc" + space + space + "5" + space + "\n"))
                .isEqualTo(new Command.Renew(Family.LOCK, KEY, "abc", OptionalLong.of(5)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001c", "\u0008", "\u000e", "\u200b", "\u00a1", "\u180e", "\u2030", "\u3001", "\ufeff"})
    void other_characters_do_not(String letter) {
        assertThat(parse("r\nk\na" + letter + "b\n")).isInstanceOf(Command.Release.class);
    }

    @Test
    void bytes_that_are_no_utf_8_do_not_hide_white_space() {
        byte[] cut = {'n', '\n', 'k', '\n', 'a', (byte) 0xe2, (byte) 0xe2, (byte) 0x80, (byte) 0x80, '5', '\n'};
        byte[] atEnd = {'r', '\n', 'k', '\n', 'a', (byte) 0xe2, '\n', 'r', '\n', 'k', '\n', 'a', (byte) 0xc2, '\n'};

        assertThat(parse(cut)).isEqualTo(new Command.Renew(Family.LOCK, KEY, "a\u00e2", OptionalLong.of(5)));
        assertThat(parse(atEnd)).isEqualTo(new Command.Release(Family.LOCK, KEY, "a\u00e2"));
        assertThat(next()).isEqualTo(new Command.Release(Family.LOCK, KEY, "a\u00c2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", " two words", "two words\t\r", "\u3000two words\u00a0", "\r two words\u2003 "})
    void a_secret_is_the_line_without_the_white_space_around_it(String line) {
        assertThat(parse("auth\nany key\n" + line + "\n"))
                .isInstanceOfSatisfying(
                        Command.Auth.class, auth -> assertThat(auth.secret().bytes())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo("two words"));
    }

    @Test
    void a_secret_may_be_empty_and_never_shows() {
        assertThat(parse("auth\n\n \n")).isInstanceOfSatisfying(Command.Auth.class, auth -> assertThat(
                        auth.secret().bytes())
                .isEmpty());
        assertThat(parse("auth\n\ns3cret\n")).hasToString("Auth[secret=***]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"+", "-", "5-", "+-5", "/", ":", "9223372036854775808", "1_0", "\uff15"})
    void what_is_no_number_is_malformed(String number) {
        assertThat(parse("w\nk\n" + number + "\n")).isInstanceOf(Command.Malformed.class);
    }

    @Test
    void the_largest_limit_is_a_64_bit_number() {
        assertThat(parse("sl\nk\n0 9223372036854775807\n"))
                .isEqualTo(new Command.Acquire(Family.SEMAPHORE, KEY, 0, Long.MAX_VALUE, OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "l\nk\n0 0\n",
                "sl\nk\n0\n",
                "sl\nk\n0 2 0\n",
                "sl\nk\nx 2\n",
                "se\nk\n\n",
                "n\nk\n\n",
                "r\nk\n\n"
            })
    void wrong_fields_are_malformed(String request) {
        assertThat(parse(request)).isInstanceOf(Command.Malformed.class);
    }

    @Test
    void a_line_that_is_too_long_is_known_at_its_end_whatever_the_segments() {
        for (int i = 0; i < 300; i++) {
            append(new byte[] {'x'});
            assertThat(parser.next()).isEqualTo(Progress.INCOMPLETE);
        }
        assertThat(parser.buffered()).as("its bytes are not kept").isLessThan(257);

        append(new byte[] {'\n'});

        assertThat(parser.next()).isEqualTo(Progress.TOO_LONG);
        assertThat(parser.last()).as("the next line is a new one").isEqualTo(Progress.INCOMPLETE);
    }

    @Test
    void what_is_sent_ahead_waits_for_its_turn() {
        byte[] many = "r\nk\nabc\n".repeat(500).getBytes(StandardCharsets.UTF_8);
        append(many);

        for (int i = 500; i > 0; i--) {
            assertThat(parser.buffered()).isEqualTo(8 * i);
            assertThat(next()).isEqualTo(new Command.Release(Family.LOCK, KEY, "abc"));
        }
        assertThat(parser.next()).isEqualTo(Progress.INCOMPLETE);
    }

    @Test
    void bytes_keep_their_order_when_the_buffer_moves_and_grows() {
        String request = "r\nk\n" + "a".repeat(200) + "\n";
        for (int i = 0; i < 50; i++) {
            byte[] half = request.repeat(3).getBytes(StandardCharsets.UTF_8);
            append(half);
            assertThat(next()).isEqualTo(new Command.Release(Family.LOCK, KEY, "a".repeat(200)));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(next()).isEqualTo(new Command.Release(Family.LOCK, KEY, "a".repeat(200)));
        }
        assertThat(parser.buffered()).isZero();
    }

    @Test
    void the_first_line_tells_the_kind() {
        RequestParser v2 = new RequestParser(Profile.V2);
        byte[] ping = {'p', 'i', 'n', 'g', '\n'};
        v2.append(ping, 0, ping.length);
        append(ping);

        assertThat(v2.next()).isEqualTo(Progress.LINE);
        assertThat(v2.kind()).isEqualTo(Command.Ping.class);
        assertThat(parser.next()).isEqualTo(Progress.LINE);
        assertThat(parser.kind()).isEqualTo(Command.Malformed.class);
    }

    @Test
    void a_line_that_is_too_long_already_is_not_between_requests() {
        assertThat(parser.isBetweenRequests()).isTrue();
        append("x".repeat(300).getBytes(StandardCharsets.UTF_8));
        assertThat(parser.next()).isEqualTo(Progress.INCOMPLETE);

        assertThat(parser.isBetweenRequests()).isFalse();
    }

    private Command parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private Command parse(byte[] bytes) {
        append(bytes);
        return next();
    }

    private void append(byte[] bytes) {
        parser.append(bytes, 0, bytes.length);
    }

    private Command next() {
        Progress progress = parser.next();
        while (progress == Progress.LINE) {
            progress = parser.next();
        }
        assertThat(progress).isEqualTo(Progress.REQUEST);
        return parser.command();
    }
}

package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.protocol.RequestParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the three lines of servers read, where the transcripts do not go (PROTOCOL.md section 1). */
class ProfileTest {

    private static final Key KEY = Key.of("k");

    @ParameterizedTest
    @CsvSource({"v0, V0", "' V1 ', V1", "V2, V2"})
    void a_profile_has_a_name(String name, Profile profile) {
        assertThat(Profile.of(name)).isEqualTo(profile);
        assertThat(Profile.of(profile.toString())).isEqualTo(profile);
    }

    @Test
    void there_is_no_other() {
        assertThatThrownBy(() -> Profile.of("v3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'v3' is no profile; there are v0, v1 and v2");
    }

    @ParameterizedTest
    @CsvSource({"V0, 255", "V1, 256", "V2, 256"})
    void a_line_has_its_length_before_the_line_feed(Profile profile, int longest) {
        String key = "k".repeat(longest);

        assertThat(progress(profile, "r\n" + key + "\nx\n")).endsWith(Progress.REQUEST);
        assertThat(progress(profile, "r\n" + key + "k\nx\n")).endsWith(Progress.LINE, Progress.TOO_LONG);
        assertThat(progress(profile, "r\n" + key + "\r\n")).endsWith(Progress.LINE, Progress.TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource({"V0, 255", "V1, 256", "V2, 65536"})
    void the_third_line_of_auth_has_a_length_of_its_own(Profile profile, int longest) {
        assertThat(progress(profile, "auth\n\n" + "k".repeat(longest) + "\n")).endsWith(Progress.REQUEST);
        assertThat(progress(profile, "auth\n\n" + "k".repeat(longest + 1) + "\n"))
                .endsWith(Progress.TOO_LONG);
    }

    @Test
    void no_other_line_is_as_long() {
        assertThat(progress(Profile.V2, "l\nauth\n" + "k".repeat(257) + "\n")).endsWith(Progress.TOO_LONG);
        assertThat(progress(Profile.V2, "auth\n" + "k".repeat(257) + "\n")).endsWith(Progress.TOO_LONG);
    }

    @ParameterizedTest
    @CsvSource({
        "V0, r, Release", "V0, sr, Malformed", "V0, stats, Malformed", "V0, auth, Malformed", "V0, ping, Malformed",
        "V1, r, Release", "V1, sr, Release", "V1, stats, Stats", "V1, auth, Auth", "V1, ping, Malformed",
        "V2, r, Release", "V2, sr, Release", "V2, stats, Stats", "V2, auth, Auth", "V2, ping, Ping",
    })
    void each_has_its_commands(Profile profile, String word, String command) {
        assertThat(parse(profile, word + "\nk\nx\n").getClass().getSimpleName()).isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\t", "a b", "a\rb"})
    void only_v0_takes_white_space_in_keys(String key) {
        String request = "r\n" + key + "\nx\n";

        assertThat(parse(Profile.V0, request)).isInstanceOf(Command.Release.class);
        assertThat(parse(Profile.V1, request)).isInstanceOf(Command.Malformed.class);
        assertThat(parse(Profile.V2, request)).isInstanceOf(Command.Malformed.class);
    }

    @ParameterizedTest
    @EnumSource
    void none_takes_an_empty_key(Profile profile) {
        assertThat(parse(profile, "r\n\r\nx\n")).isInstanceOf(Command.Malformed.class);
    }

    @Test
    void v0_reads_utf_8_only() {
        byte[] bytes = {'l', '\n', 'k', (byte) 0xff, '\n'};
        byte[] cut = {'l', '\n', 'k', (byte) 0xc3, '\n'};

        assertThat(progress(Profile.V0, bytes)).containsExactly(Progress.LINE, Progress.NO_TEXT);
        assertThat(progress(Profile.V0, cut)).containsExactly(Progress.LINE, Progress.NO_TEXT);
        assertThat(progress(Profile.V0, "l\nk\u00fc\n"))
                .containsExactly(Progress.LINE, Progress.LINE, Progress.INCOMPLETE);
        assertThat(progress(Profile.V2, bytes)).containsExactly(Progress.LINE, Progress.LINE, Progress.INCOMPLETE);
    }

    @Test
    void the_end_of_the_stream_ends_a_line_on_v0() {
        RequestParser parser = parser(Profile.V0, "r\nk\nx");
        assertThat(rest(parser)).endsWith(Progress.INCOMPLETE);

        assertThat(parser.last()).isEqualTo(Progress.REQUEST);
        assertThat(parser.command()).isInstanceOf(Command.Release.class);
        assertThat(parser.next()).isEqualTo(Progress.INCOMPLETE);
        assertThat(parser.last()).as("an empty line is none").isEqualTo(Progress.INCOMPLETE);
    }

    @ParameterizedTest
    @EnumSource
    void a_line_that_is_too_long_is_known_at_the_end_of_the_stream(Profile profile) {
        RequestParser parser = parser(profile, "k".repeat(300));
        assertThat(rest(parser)).containsExactly(Progress.INCOMPLETE);

        assertThat(parser.last()).isEqualTo(Progress.TOO_LONG);
    }

    @Test
    void an_unfinished_line_does_not_count_on_v1_and_v2() {
        for (Profile profile : List.of(Profile.V1, Profile.V2)) {
            RequestParser parser = parser(profile, "r\nk\nx");
            rest(parser);

            assertThat(parser.last()).isEqualTo(Progress.INCOMPLETE);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5",
        "+5, 5",
        "-0, 0",
        "007, 7",
        "1_0, 10",
        "1_2_3, 123",
        "\uff15, 5",
        "\u0661\u0662, 12",
        "\ud835\udfd9, 1",
        "9223372037, 9223372037",
        "9223372036854775808, 9223372036854775807",
        "99999999999999999999, 9223372036854775807",
    })
    void v0_takes_numbers_of_any_kind(String number, long value) {
        assertThat(parse(Profile.V0, "w\nk\n" + number + "\n"))
                .isEqualTo(new Command.Await(Command.Family.LOCK, KEY, value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_1",
                "1_",
                "1__0",
                "+",
                "-",
                "+_1",
                "-1",
                "1.5",
                "x",
                "0x1",
                "\u00bd",
                "\u2160",
                "-9223372036854775809"
            })
    void v0_does_not_take_everything(String number) {
        assertThat(parse(Profile.V0, "w\nk\n" + number + "\n")).isInstanceOf(Command.Malformed.class);
    }

    @Test
    void v2_refuses_seconds_that_overflow_and_v0_does_not() {
        assertThat(parse(Profile.V2, "l\nk\n0 9223372036\n")).isInstanceOf(Command.Acquire.class);
        assertThat(parse(Profile.V2, "l\nk\n0 9223372037\n")).isInstanceOf(Command.Malformed.class);
        assertThat(parse(Profile.V0, "l\nk\n0 9223372037\n"))
                .isEqualTo(new Command.Acquire(Command.Family.LOCK, KEY, 0, 1, OptionalLong.of(9_223_372_037L)));
    }

    private static List<Progress> progress(Profile profile, String text) {
        return progress(profile, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Progress> progress(Profile profile, byte[] bytes) {
        RequestParser parser = new RequestParser(profile);
        parser.append(bytes, 0, bytes.length);
        return rest(parser);
    }

    /** What comes until the parser stops. */
    private static List<Progress> rest(RequestParser parser) {
        List<Progress> all = new ArrayList<>();
        do {
            all.add(parser.next());
        } while (all.get(all.size() - 1) == Progress.LINE);
        return all;
    }

    private static RequestParser parser(Profile profile, String text) {
        RequestParser parser = new RequestParser(profile);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        parser.append(bytes, 0, bytes.length);
        return parser;
    }

    private static Command parse(Profile profile, String text) {
        RequestParser parser = parser(profile, text);
        assertThat(rest(parser)).endsWith(Progress.REQUEST);
        return parser.command();
    }
}

package io.dflockd.fake.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON as the language of the real server writes it. */
class GoJsonTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1e-9",
        "10, 1e-8",
        "953, 9.53e-7",
        "999999, 0.000999999",
        "1000, 0.000001",
        "1500000000, 1.5",
        "30000000000, 30",
        "29999999999, 29.999999999",
        "100000000, 0.1",
        "300000000, 0.3",
        "1200000000, 1.2",
        "3578838832, 3.5788388319999997",
        "9223372036000000000, 9223372036",
        "9007199254740993, 9007199.254740993",
    })
    void seconds_have_the_fewest_digits(long nanos, String text) {
        assertThat(GoJson.seconds(nanos)).isEqualTo(text);
    }

    @Test
    void every_number_of_seconds_gives_the_same_double_back() {
        for (long nanos = 1; nanos > 0 && nanos < 9_000_000_000_000_000_000L; nanos = nanos * 3 + 7) {
            long whole = nanos / 1_000_000_000L;
            double seconds = whole + (nanos % 1_000_000_000L) / 1e9;
            assertThat(Double.parseDouble(GoJson.seconds(nanos))).isEqualTo(seconds);
        }
    }

    @Test
    void no_digit_of_seconds_could_be_left_out() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            long nanos = random.nextLong(1_000, 1L << random.nextInt(11, 60));
            long whole = nanos / 1_000_000_000L;
            double seconds = whole + (nanos % 1_000_000_000L) / 1e9;
            BigDecimal told = new BigDecimal(GoJson.seconds(nanos)).stripTrailingZeros();
            assertThat(told.doubleValue()).isEqualTo(seconds);
            if (told.precision() > 1) {
                MathContext shorter = new MathContext(told.precision() - 1);
                assertThat(new BigDecimal(seconds).round(shorter).doubleValue()).isNotEqualTo(seconds);
            }
        }
    }

    @Test
    void control_characters_and_what_html_knows_are_escaped() {
        assertThat(text("\"\\\b\f\n\r\t\u0001\u001f<>&\u2028\u2029\u007f"))
                .isEqualTo("\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\\u003c\\u003e\\u0026\\u2028\\u2029\u007f\"");
    }

    @Test
    void other_characters_stay_as_they_are() {
        assertThat(text("aé鍵🔑\ufffd")).isEqualTo("\"aé鍵🔑\ufffd\"");
    }

    @ParameterizedTest
    @CsvSource({
        "ff, 1",
        "80, 1",
        "c3, 1",
        "c328, 1(",
        "c0af, 2",
        "e282, 2",
        "e08080, 3",
        "eda080, 3",
        "f0808080, 4",
        "f4908080, 4",
        "f5808080, 4",
        "f09f94, 3",
    })
    void each_byte_that_is_no_utf_8_is_replaced(String hex, String expected) {
        int bad = expected.charAt(0) - '0';
        String rest = expected.substring(1);

        assertThat(GoJson.string(HexFormat.of().parseHex(hex))).isEqualTo('"' + "\\ufffd".repeat(bad) + rest + '"');
    }

    @ParameterizedTest
    @CsvSource({"7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"})
    void the_ends_of_the_ranges_are_characters(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(GoJson.string(bytes)).isEqualTo('"' + new String(bytes, StandardCharsets.UTF_8) + '"');
    }

    private static String text(String key) {
        return GoJson.string(key.getBytes(StandardCharsets.UTF_8));
    }
}

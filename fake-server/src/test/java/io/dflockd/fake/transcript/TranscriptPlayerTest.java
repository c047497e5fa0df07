package io.dflockd.fake.transcript;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.transcript.Scenario.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A player that accepts everything would prove nothing. */
class TranscriptPlayerTest {

    @ParameterizedTest
    @CsvSource({
        "A< ok {t} 31, 'expected ok {t} 31'",
        "A< timeout, expected timeout",
        "A- 1, expected nothing",
        "A$, expected close",
        "B< ok, no connection has the name B",
        "A> r|k|{x}, no token has the name {x}",
        "nonsense, no known line",
        "sleep 1, expected nothing more on A",
    })
    void what_differs_is_found(String line, String message) {
        assertThatThrownBy(() -> play("open A", "A> l|k|0 30", line)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"A</ 998 timeout", "A- 999"})
    void limits_are_exact(String line) {
        assertThatThrownBy(() -> play("open A", "A> l|k|0 30", "A< ok {t} 30", "A> l|k|1 30", line))
                .isInstanceOf(AssertionError.class);
    }

    private static void play(String... lines) {
        List<Step> steps = Stream.of(lines).map(line -> new Step(1, line)).toList();
        Scenario scenario = new Scenario(Profile.V1, "test", "test", List.of(), steps);
        TranscriptPlayer.play(scenario);
    }
}

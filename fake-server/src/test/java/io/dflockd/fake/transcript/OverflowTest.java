package io.dflockd.fake.transcript;

import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.transcript.Scenario.Step;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where 1.10.0 lets seconds overflow its 64-bit nanoseconds (overflow.txt), the fake refuses, takes nothing, and keeps the connection. */
class OverflowTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "l|k|0 18446744074",
                "l|k|0 9223372037",
                "l|k|9223372037 30",
                "e|k|9223372037",
                "sl|k|0 2 9223372037",
                "se|k|2 9223372037",
                "w|k|9223372037",
                "n|k|{t} 9223372037",
            })
    void seconds_that_overflow_are_refused(String request) {
        Stream<String> lines = Stream.of(
                "open A", "A> l|other|0", "A< ok {t} 33", "A> " + request, "A< error", "A> l|k|0", "A< ok {u} 33");
        List<Step> steps = lines.map(line -> new Step(1, line)).toList();
        Scenario scenario = new Scenario(Profile.V1, "overflow", request, List.of(), steps);

        TranscriptPlayer.play(scenario);
    }
}

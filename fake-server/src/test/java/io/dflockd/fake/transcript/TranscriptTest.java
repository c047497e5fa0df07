package io.dflockd.fake.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was recorded on the real servers 0.5.0 and 1.10.0, and written down for 2.x, holds for the fake with the profile of the folder. */
class TranscriptTest {

    private static final Path FOLDERS = Path.of("..", "docs", "transcripts");

    /** Instead of it, as the fake refuses there, there is OverflowTest. */
    private static final Path LEFT_OUT = Path.of("v1", "overflow.txt");

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return all().map(scenario -> DynamicTest.dynamicTest(scenario.title(), () -> TranscriptPlayer.play(scenario)));
    }

    @TestFactory
    Stream<DynamicTest> transcripts_through_a_proxy() throws IOException {
        return all().map(scenario ->
                DynamicTest.dynamicTest(scenario.title(), () -> TranscriptPlayer.playThroughProxy(scenario)));
    }

    private static Stream<Scenario> all() throws IOException {
        List<Scenario> all = new ArrayList<>();
        for (Profile profile : Profile.values()) {
            all.addAll(scenarios(profile));
        }
        return all.stream();
    }

    @ParameterizedTest
    @CsvSource({"V0, 40", "V1, 220", "V2, 68"})
    void nothing_is_left_out_by_accident(Profile profile, int count) throws IOException {
        assertThat(scenarios(profile)).hasSize(count).allSatisfy(scenario -> assertThat(scenario.steps())
                .isNotEmpty());
    }

    private static List<Scenario> scenarios(Profile profile) throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDERS.resolve(profile.toString()))) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith(LEFT_OUT)) {
                    scenarios.addAll(TranscriptFile.read(file));
                }
            }
        }
        return scenarios;
    }
}

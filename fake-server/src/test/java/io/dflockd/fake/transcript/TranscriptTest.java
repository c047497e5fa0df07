package io.dflockd.fake.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What was recorded on the real server 1.10.0 holds for the fake. */
class TranscriptTest {

    private static final Path FOLDER = Path.of("..", "docs", "transcripts", "v1");

    /** Instead of overflow.txt, where the fake refuses, there is OverflowTest. */
    private static final Set<String> LEFT_OUT = Set.of("overflow.txt");

    private static final int SCENARIOS = 220;

    @TestFactory
    Stream<DynamicTest> v1() throws IOException {
        return scenarios().stream()
                .map(scenario ->
                        DynamicTest.dynamicTest(scenario.title(), () -> new TranscriptPlayer(scenario).play(scenario)));
    }

    @Test
    void nothing_is_left_out_by_accident() throws IOException {
        assertThat(scenarios()).hasSize(SCENARIOS).allSatisfy(scenario -> assertThat(scenario.steps())
                .isNotEmpty());
    }

    private static List<Scenario> scenarios() throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                if (!LEFT_OUT.contains(file.getFileName().toString())) {
                    scenarios.addAll(TranscriptFile.read(file));
                }
            }
        }
        return scenarios;
    }
}

package io.dflockd.fake.transcript;

import static java.util.Objects.requireNonNull;

import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.transcript.Scenario.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a transcript file. Its folder names the profile. */
final class TranscriptFile {

    private TranscriptFile() {}

    static List<Scenario> read(Path path) throws IOException {
        Profile profile =
                Profile.of(requireNonNull(path.getParent()).getFileName().toString());
        List<Scenario> scenarios = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(path)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("scenario ")) {
                String name = line.substring("scenario ".length()).split(" — ", 2)[0];
                scenarios.add(new Scenario(
                        profile, path.getFileName().toString(), name, new ArrayList<>(), new ArrayList<>()));
                continue;
            }
            Scenario scenario = scenarios.get(scenarios.size() - 1);
            if (line.startsWith("server ")) {
                scenario.flags()
                        .addAll(List.of(line.substring("server ".length()).split(" ", -1)));
            } else {
                scenario.steps().add(new Step(number, line));
            }
        }
        return scenarios;
    }
}

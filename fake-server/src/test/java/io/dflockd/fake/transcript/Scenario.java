package io.dflockd.fake.transcript;

import io.dflockd.fake.protocol.Profile;
import java.util.List;

/** One scenario of a transcript file. The format is described in docs/transcripts/README.md. */
record Scenario(Profile profile, String file, String name, List<String> flags, List<Step> steps) {

    /** One line of a scenario. */
    record Step(int number, String text) {}

    String title() {
        return profile + "/" + file + ": " + name;
    }
}

package io.dflockd.fake.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.RequestParser;
import io.dflockd.fake.protocol.RequestParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The parser takes whatever bytes there are, in any segments, and says the same for all of them. */
class ParserFuzzProperties {

    private static final List<String> PIECES = List.of(
            "l",
            "e",
            "sl",
            "auth",
            "stats",
            "ping",
            "\n",
            "\n",
            "\r",
            " ",
            "a",
            "0",
            "1_0",
            "ü",
            "\u00a0",
            "\u0000",
            "x".repeat(255));

    @Property
    void no_segmentation_makes_a_difference(
            @ForAll Profile profile,
            @ForAll @Size(max = 40) List<@IntRange(max = 16) Integer> pieces,
            @ForAll @IntRange(min = 1, max = 9) int segment) {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(PIECES.get(piece)));

        check(profile, text.toString().getBytes(StandardCharsets.UTF_8), () -> segment);
    }

    @Property(tries = 1, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void noise_is_parsed_without_an_exception_and_within_bounds(@ForAll Random seeds) {
        new FuzzRun("parser").rounds(seeds.nextLong(), (random, run) -> {
            byte[] input = new Noise(random).some();
            run.count("bytes", input.length);
            for (Profile profile : Profile.values()) {
                int most = random.nextInt(1, 1_500);
                check(profile, input, () -> random.nextInt(1, most + 1));
            }
        });
    }

    private static void check(Profile profile, byte[] input, IntSupplier segments) {
        assertThat(parsed(profile, input, segments)).isEqualTo(parsed(profile, input, () -> input.length));
    }

    /** Everything that the parser says of these bytes, up to the first that ends a connection, and of their end. */
    private static List<String> parsed(Profile profile, byte[] input, IntSupplier segments) {
        RequestParser parser = new RequestParser(profile);
        List<String> said = new ArrayList<>();
        int longest = Math.max(profile.longestLine(), profile.longestSecret());
        for (int at = 0; at < input.length; ) {
            int length = Math.min(segments.getAsInt(), input.length - at);
            parser.append(input, at, length);
            at += length;
            if (!takeLines(parser, said)) {
                return said;
            }
            assertThat(parser.buffered()).isLessThanOrEqualTo(longest);
        }
        Progress last = parser.last();
        said.add("end: " + last + (last == Progress.REQUEST ? parser.command() : ""));
        return said;
    }

    private static boolean takeLines(RequestParser parser, List<String> said) {
        Progress progress = parser.next();
        while (progress == Progress.LINE || progress == Progress.REQUEST) {
            said.add(
                    progress == Progress.LINE
                            ? parser.lines() + " " + parser.kind() + parser.key()
                            : parser.command().toString());
            progress = parser.next();
        }
        if (progress != Progress.INCOMPLETE) {
            said.add(progress.toString());
        }
        return progress == Progress.INCOMPLETE;
    }
}

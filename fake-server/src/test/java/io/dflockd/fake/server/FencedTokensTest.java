package io.dflockd.fake.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of V2: their first half rises with every grant, over restarts too if there is a file. */
class FencedTokensTest {

    @TempDir
    Path folder;

    @Test
    void each_is_above_the_one_before_and_the_second_half_has_no_meaning() {
        Supplier<String> tokens = FencedTokens.of(1, new ManualTime(), Optional.empty());
        String first = tokens.get();
        String second = tokens.get();

        assertThat(first).matches("[0-9a-f]{32}");
        assertThat(fence(second)).isEqualTo(fence(first) + 1);
        assertThat(second.substring(16)).isNotEqualTo(first.substring(16));
    }

    @Test
    void they_begin_at_the_nanoseconds_of_the_clock() {
        ManualTime clock = new ManualTime();
        clock.moveTo(1_000_000);

        assertThat(fence(FencedTokens.of(1, clock, Optional.empty()).get())).isEqualTo(1_000_001);
        assertThat(fence(FencedTokens.of(1, TimeSource.SYSTEM, Optional.empty()).get()))
                .as("the wall clock, which is past 2020")
                .isGreaterThan(1_577_836_800_000_000_000L);
    }

    @Test
    void with_a_file_they_rise_over_restarts_though_the_clock_does_not() {
        Path file = folder.resolve("fences");
        FencedTokens before = FencedTokens.of(1, new ManualTime(), Optional.of(file));
        before.get();
        long last = fence(before.get());

        FencedTokens after = FencedTokens.of(2, new ManualTime(), Optional.of(file));

        assertThat(fence(after.get())).isGreaterThan(last);
    }

    @Test
    void a_block_that_is_used_up_is_followed_by_another_in_the_file() throws IOException {
        Path file = folder.resolve("fences");
        FencedTokens tokens = FencedTokens.of(1, new ManualTime(), Optional.of(file));
        tokens.get();
        String first = Files.readString(file);
        for (long i = 0; i <= FenceFile.AHEAD; i++) {
            tokens.get();
        }

        assertThat(Files.readString(file)).isNotEqualTo(first);
        assertThat(fence(tokens.get()))
                .isLessThanOrEqualTo(
                        Long.parseUnsignedLong(Files.readString(file).strip()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "12 13", "-1"})
    void a_file_with_anything_else_is_refused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("fences"), text);

        assertThatThrownBy(() -> FencedTokens.of(1, new ManualTime(), Optional.of(file)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not hold one number");
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("fences"));

        assertThatThrownBy(() -> FencedTokens.of(1, new ManualTime(), Optional.of(directory)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot read the fence state file");
    }

    @Test
    void a_file_that_cannot_be_written_stops_nobody() {
        Path nowhere = folder.resolve("missing").resolve("fences");
        FencedTokens tokens = FencedTokens.of(1, new ManualTime(), Optional.of(nowhere));

        assertThat(fence(tokens.get())).isEqualTo(1);
        assertThat(fence(tokens.get())).isEqualTo(2);
    }

    @Test
    void going_back_is_only_done_on_purpose() {
        FencedTokens tokens = FencedTokens.of(1, new ManualTime(), Optional.empty());
        tokens.get();

        tokens.goBack(5);

        assertThat(fence(tokens.get())).as("not below 0").isEqualTo(1);
    }

    private static long fence(String token) {
        return Long.parseUnsignedLong(token.substring(0, 16), 16);
    }
}

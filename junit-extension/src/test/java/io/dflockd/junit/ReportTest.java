package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.ServerClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.OutputDirectoryCreator;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What a stranger gets to see of a test that failed. */
class ReportTest {

    @TempDir
    Path folder;

    @Test
    void the_story_tells_what_happened_in_its_order() {
        String story = story(Kit.run(Eventful.class).onlyFailure());

        assertThat(story.lines().map(line -> line.replaceAll("[0-9a-f]{8}\\.\\.", "TOKEN")
                        .replaceAll(":\\d+$", ":PORT")))
                .containsExactly(
                        "dflockd fake at 127.0.0.1:PORT",
                        "  profile v1, seed 42, manual clock at 6.000s",
                        "  held: orders by conn 1 until 38.000s, token TOKEN",
                        "  faults that struck: 6.000s conn 2, request 1 of it, AFTER_APPLY_BEFORE_REPLY",
                        "           Reset",
                        "  what happened:",
                        "    0.000s a scripted holder gets orders, token TOKEN",
                        "    0.000s conn 1 connects",
                        "    0.000s conn 1 #1 enqueue orders: queued, reply queued",
                        "    5.000s the lease of orders is over, token TOKEN",
                        "    5.000s conn 1 gets orders, its turn has come, token TOKEN",
                        "    6.000s conn 2 connects",
                        "    6.000s conn 2 #2 acquire cart, wait 10s: granted [AFTER_APPLY_BEFORE_REPLY",
                        "           Reset], reply ok TOKEN 33 never sent",
                        "    6.000s conn 2 is gone",
                        "    6.000s conn 2 loses cart (disconnect), token TOKEN");
    }

    @Test
    void it_is_published_as_an_entry_too() {
        Kit.Outcome outcome = Kit.run(Eventful.class);

        assertThat(outcome.entry("dflockd").map(String::strip)).contains(story(outcome.onlyFailure()));
    }

    @Test
    void the_story_begins_with_the_test() {
        assertThat(Kit.run(FailsTwice.class).entries("dflockd")).hasSize(2).allSatisfy(story -> assertThat(story)
                .containsOnlyOnce("conn 1 connects"));
    }

    /** A stack trace must not be flooded; the file has everything. */
    @Test
    void a_long_story_is_told_from_near_its_end_and_whole_in_the_file() throws Exception {
        Kit.Outcome outcome = runWithFiles(Lengthy.class);

        assertThat(story(outcome.onlyFailure()).lines().toList())
                .hasSize(44)
                .anyMatch(line -> line.matches("  what happened \\(\\d+ older lines left out\\):"));
        assertThat(file("dflockd.txt"))
                .contains("  what happened:")
                .contains("#1 acquire key-0,")
                .contains("acquire key-99,");
    }

    @Test
    void each_server_has_a_report_and_a_file_of_its_name() throws Exception {
        Kit.Outcome outcome = runWithFiles(TwoServers.class);

        assertThat(outcome.onlyFailure().getSuppressed())
                .extracting(Throwable::getMessage)
                .anySatisfy(story -> assertThat(story).startsWith("server \"a\": dflockd fake at "))
                .anySatisfy(story -> assertThat(story).startsWith("server \"b\": dflockd fake at "));
        assertThat(outcome.entry("dflockd-a")).isPresent();
        assertThat(file("dflockd-b.txt")).contains("seed 2,");
    }

    /** JUnit's testkit has nowhere to put files unless it is told. */
    @Test
    void without_a_place_for_files_nothing_else_fails() {
        assertThat(Kit.run(Eventful.class).onlyFailure()).hasMessage("look at the story");
    }

    @Test
    void secrets_do_not_show_right_or_wrong() throws Exception {
        Kit.Outcome outcome = runWithFiles(Secrets.class);

        assertThat(story(outcome.onlyFailure())).contains("auth: nothing changed, reply error_auth");
        assertThat(Stream.of(
                        story(outcome.onlyFailure()), outcome.entry("dflockd").orElseThrow(), file("dflockd.txt")))
                .noneMatch(text -> text.contains("r1ght") || text.contains("wr0ng"));
    }

    @Test
    void a_passed_test_publishes_nothing() {
        Kit.Outcome outcome = Kit.run(Passes.class).passed(1);

        assertThat(outcome.results().allEvents().reportingEntryPublished().count())
                .isZero();
    }

    @Test
    void a_dynamic_test_has_the_story_as_it_was_when_it_failed() {
        Kit.Outcome outcome = Kit.run(Dynamic.class);

        assertThat(outcome.failures().keySet()).containsExactly("a");
        assertThat(story(outcome.onlyFailure())).contains("acquire a").doesNotContain("acquire b");
        assertThat(outcome.entries("dflockd")).hasSize(1);
    }

    @Test
    void a_class_that_does_not_begin_has_a_story_too() {
        Kit.Outcome outcome = Kit.run(FailsBefore.class);

        assertThat(story(outcome.onlyFailure())).contains("acquire before-all");
        assertThat(outcome.entries("dflockd")).hasSize(1);
    }

    @Test
    void no_line_is_longer_than_a_terminal_is_wide() {
        for (Class<?> type : List.of(Eventful.class, Lengthy.class, Secrets.class)) {
            assertThat(story(Kit.run(type).onlyFailure()).lines()).allMatch(line -> line.length() <= 80);
        }
    }

    private static String story(Throwable failure) {
        return Stream.of(failure.getSuppressed())
                .filter(WhatTheServerSaw.class::isInstance)
                .map(story -> Objects.requireNonNull(story.getMessage()))
                .findFirst()
                .orElseThrow();
    }

    private String file(String name) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            Path file = files.filter(path -> path.endsWith(name)).findFirst().orElseThrow();
            return Files.readString(file);
        }
    }

    private Kit.Outcome runWithFiles(Class<?> type) {
        return new Kit.Outcome(EngineTestKit.engine("junit-jupiter")
                .selectors(DiscoverySelectors.selectClass(type))
                .outputDirectoryCreator(new OutputDirectoryCreator() {
                    @Override
                    public Path getRootDirectory() {
                        return folder;
                    }

                    @Override
                    public Path createOutputDirectory(TestDescriptor test) throws IOException {
                        return Files.createDirectories(folder.resolve(
                                test.getUniqueId().getLastSegment().getType()));
                    }
                })
                .configurationParameter(Kit.PARALLEL, "true")
                .configurationParameter(Kit.MODE, "same_thread")
                .execute());
    }

    @WithDflockd(manualClock = true, seed = 42)
    static class Eventful {
        @Test
        void test(FakeDflockdServer server, ServerClock clock, DflockdClient client) throws Exception {
            try (DflockdClient other = DflockdClient.connect(server.address())) {
                server.steal("orders");
                server.shortenLease("orders", Duration.ofSeconds(5));
                Kit.saw(Eventful.class, client.lock("orders").enqueue()); // kept, or it would be freed
                clock.advance(Duration.ofSeconds(6));
                server.on(acquire("cart")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
                assertThatThrownBy(() -> other.lock("cart").acquire()).isInstanceOf(ConnectionException.class);
            }
            throw new IllegalStateException("look at the story");
        }
    }

    @WithDflockd
    static class FailsTwice {
        @RepeatedTest(2)
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isFalse();
        }
    }

    @WithDflockd
    static class Lengthy {
        @Test
        void test(DflockdClient client) throws Exception {
            for (int i = 0; i < 100; i++) {
                client.lock("key-" + i).withoutRenewal().acquire().release();
            }
            throw new IllegalStateException();
        }
    }

    @WithDflockd(name = "a", seed = 1)
    @WithDflockd(name = "b", seed = 2)
    static class TwoServers {
        @Test
        void test() {
            throw new IllegalStateException();
        }
    }

    static class Secrets {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withAuthToken("r1ght"))
                .build();

        @Test
        void test(FakeDflockdServer server, DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
            try (DflockdClient other = DflockdClient.builder()
                    .servers(server.address())
                    .secret(() -> "wr0ng")
                    .build()) {
                other.lock("orders").acquire();
            }
        }
    }

    @WithDflockd
    static class Passes {
        @Test
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd
    static class Dynamic {
        @TestFactory
        Stream<DynamicTest> factory(DflockdClient client) {
            return Stream.of("a", "b")
                    .map(key -> DynamicTest.dynamicTest(
                            key,
                            () -> assertThat(client.lock(key).call(Lease::key)).isEqualTo("b")));
        }
    }

    @WithDflockd
    static class FailsBefore {
        @BeforeAll
        static void before(DflockdClient client) throws Exception {
            assertThat(client.lock("before-all").call(Lease::isHeld)).isFalse();
        }

        @Test
        void test() {}
    }
}

package io.dflockd.junit;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Java of the README, compiled and run, and the check that the README shows exactly this. */
class ReadmeTest {

    private static final Logger log = LoggerFactory.getLogger(ReadmeTest.class);

    private final AtomicInteger sent = new AtomicInteger();

    private void sendInvoices() {
        sent.incrementAndGet();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "test", "fake"})
    void the_readme_shows_what_is_run_here(String snippet) throws IOException {
        String marker = "<!-- snippet: " + snippet + " -->\n```java\n";
        String readme = Files.readString(Path.of("../README.md"));
        assertThat(readme).contains(marker);
        int start = readme.indexOf(marker) + marker.length();

        assertThat(readme.substring(start, readme.indexOf("```", start))).isEqualTo(source(snippet));
    }

    @Test
    void the_client_snippet_holds_the_lock_while_it_works() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            String address = server.address();
            // snippet: client
            try (DflockdClient client = DflockdClient.connect(address);
                    Lease lease = client.lock("orders").acquire()) {
                lease.onLost(lost -> log.warn("orders was lost: {}", lost.reason()));
                if (lease.isHeld()) {
                    sendInvoices();
                }
            }
            // end
        }
        assertThat(sent).hasValue(1);
    }

    @Test
    void the_fake_snippet_passes() throws Exception {
        // snippet: fake
        FakeOptions options = FakeOptions.defaults().withManualClock();
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = DflockdClient.connect(server.address())) {
            DistributedLock orders = client.lock("orders").withLease(Duration.ofSeconds(5));
            Lease lease = orders.withoutRenewal().acquire();
            server.clock().advance(Duration.ofSeconds(6));
            assertThat(lease.release()).as("it was no longer ours").isFalse();
        }
        // end
    }

    @Test
    void the_test_snippet_passes() {
        Kit.run(LostGrantTest.class).passed(1);
    }

    /** The lines between the marks of a snippet in this file, without their common indentation and as a reader would write them. */
    private static String source(String snippet) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/java/io/dflockd/junit/ReadmeTest.java"));
        List<String> words = lines.stream().map(String::strip).toList();
        int start = words.indexOf("// snippet: " + snippet) + 1;
        int length = words.subList(start, words.size()).indexOf("// end");
        return String.join("\n", lines.subList(start, start + length))
                        .stripIndent()
                        .replace("static class", "class")
                        .replace("connect(address)", "connect(\"127.0.0.1:6388\")")
                + "\n";
    }

    // snippet: test
    @WithDflockd
    static class LostGrantTest {

        @Test
        void a_lost_grant_blocks_nobody(FakeDflockdServer server, DflockdClient client) throws Exception {
            server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());

            assertThatThrownBy(() -> client.lock("orders").acquire()).isInstanceOf(ConnectionException.class);

            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }
    // end
}

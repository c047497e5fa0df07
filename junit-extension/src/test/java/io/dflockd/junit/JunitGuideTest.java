package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.fake.ServerClock;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of docs/junit.md, compiled and run, and the check that the page shows exactly this, leaves out no setting, and names tests that there are. */
class JunitGuideTest {

    private static final Path PAGE = Path.of("../docs/junit.md");
    private static final Path TEST = Path.of("src/test/java/io/dflockd/junit/JunitGuideTest.java");
    private static final Pattern NAMED_TEST = Pattern.compile("\\| `(\\w+Test)\\.(\\w+)` \\|");

    @ParameterizedTest
    @ValueSource(strings = {"first", "names", "faults", "builder", "backends"})
    void the_guide_shows_what_is_run_here(String snippet) throws IOException {
        assertThat(shown(snippet)).isEqualTo(source(snippet));
    }

    @Test
    void what_the_guide_shows_passes() {
        Kit.run(CheckoutTest.class, TwoServersTest.class, InvoiceTest.class, SecretTest.class, TransferTest.class)
                .passed(7);
    }

    @Test
    void the_guide_names_every_setting_and_everything_that_is_injected() throws IOException {
        String page = Files.readString(PAGE);
        Stream<String> ofBuilder = Arrays.stream(DflockdExtension.Builder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("build"));
        Stream<String> ofAnnotation =
                Arrays.stream(WithDflockd.class.getDeclaredMethods()).map(Method::getName);

        assertThat(Stream.concat(ofAnnotation, ofBuilder).distinct())
                .hasSizeGreaterThan(9)
                .allSatisfy(name -> assertThat(page).containsPattern("\\| .*`" + name + "`.* \\|"));
        assertThat(Injection.TYPES).allSatisfy(type -> assertThat(page).contains("| `" + type.getSimpleName() + "` |"));
    }

    @Test
    void every_test_that_keeps_a_mistake_away_is_there() throws Exception {
        List<MatchResult> named =
                NAMED_TEST.matcher(Files.readString(PAGE)).results().toList();

        assertThat(named).hasSizeGreaterThan(20);
        for (MatchResult test : named) {
            Class<?> type = Class.forName("io.dflockd.junit." + test.group(1));
            assertThat(type.getDeclaredMethod(test.group(2)).isAnnotationPresent(Test.class))
                    .isTrue();
        }
    }

    /** The Java that the page shows behind this marker. */
    private static String shown(String snippet) throws IOException {
        String page = Files.readString(PAGE);
        String marker = "<!-- snippet: " + snippet + " -->\n```java\n";
        assertThat(page).contains(marker);
        int start = page.indexOf(marker) + marker.length();
        return page.substring(start, page.indexOf("```", start));
    }

    /** The lines between the marks of a snippet in this file, without their common indentation. */
    private static String source(String snippet) throws IOException {
        List<String> lines = Files.readAllLines(TEST);
        List<String> words = lines.stream().map(String::strip).toList();
        int start = words.indexOf("// snippet: " + snippet) + 1;
        int length = words.subList(start, words.size()).indexOf("// end");
        return String.join("\n", lines.subList(start, start + length))
                        .stripIndent()
                        .replace("static class", "class")
                + "\n";
    }

    // snippet: first
    @WithDflockd
    static class CheckoutTest {

        @Test
        void only_one_checks_out(DflockdServer server, DflockdClient client) throws Exception {
            try (Lease mine = client.lock("cart-7").acquire();
                    DflockdClient other = DflockdClient.connect(server.address())) {
                assertThat(mine.isHeld()).isTrue();
                assertThat(other.lock("cart-7").tryAcquire(Duration.ZERO)).isEmpty();
            }
        }
    }
    // end

    // snippet: names
    @WithDflockd(name = "a")
    @WithDflockd(name = "b", profile = Profile.V2)
    static class TwoServersTest {

        @Test
        void know_nothing_of_each_other(@Dflockd("a") DflockdClient a, @Dflockd("b") DflockdClient b) throws Exception {
            try (Lease one = a.lock("orders").acquire();
                    Lease other = b.lock("orders").acquire()) {
                assertThat(one.isHeld() && other.isHeld()).isTrue();
            }
        }
    }
    // end

    // snippet: faults
    @WithDflockd(manualClock = true)
    static class InvoiceTest {

        @Test
        @DflockdFault("acquire:after-apply-before-reply:reset:key=invoices")
        void a_lost_grant_blocks_nobody(DflockdClient client) throws Exception {
            assertThatThrownBy(() -> client.lock("invoices").acquire()).isInstanceOf(ConnectionException.class);

            assertThat(client.lock("invoices").call(Lease::isHeld)).isTrue();
        }

        @Test
        void an_expired_lease_is_worth_nothing(ServerClock clock, DflockdClient client) throws Exception {
            try (Lease lease = client.lock("invoices").withoutRenewal().acquire()) {
                clock.advance(Duration.ofSeconds(34));
                assertThat(lease.release()).isFalse();
            }
        }
    }
    // end

    // snippet: builder
    static class SecretTest {

        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withTls().withAuthToken("s3cret"))
                .client(client -> client.defaultLease(Duration.ofSeconds(60)))
                .build();

        @Test
        void the_client_knows_the_secret(DflockdClient client) throws Exception {
            assertThat(client.lock("orders").call(Lease::isHeld)).isTrue();
        }
    }
    // end

    // snippet: backends
    @WithDflockd
    static class TransferTest {

        @Test
        void one_at_a_time(DflockdClient client) throws Exception {
            try (Lease lease = client.lock("accounts").acquire()) {
                assertThat(client.lock("accounts").tryAcquire(Duration.ZERO)).isEmpty();
                assertThat(lease.isHeld()).isTrue();
            }
        }

        @Test
        @RequiresFake
        @DflockdFault("acquire:after-apply-before-reply:reset:key=accounts")
        void a_lost_grant_blocks_nobody(DflockdClient client) throws Exception {
            assertThatThrownBy(() -> client.lock("accounts").acquire()).isInstanceOf(ConnectionException.class);

            assertThat(client.lock("accounts").call(Lease::isHeld)).isTrue();
        }
    }
    // end
}

package io.dflockd.client;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be asked for: refused before anything is sent, with a message that names the limit. */
@Timeout(120)
class InputChecksTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    /** Every character that is white space or control to anybody (Java's two ideas, Unicode's, and the invisible ones), everywhere in a key; and odd lengths. */
    static Stream<String> oddKeys() {
        Stream<String> odd = IntStream.concat(
                        IntStream.rangeClosed(0, 0xffff)
                                .filter(c -> Character.isWhitespace(c)
                                        || Character.isSpaceChar(c)
                                        || Character.isISOControl(c)
                                        || Character.getType(c) == Character.FORMAT),
                        IntStream.of(0xfffd, 0xfffe, 0xffff, 0x1f512, 0x10ffff))
                .mapToObj(Character::toString)
                .flatMap(c -> Stream.of(c, c + "k", "k" + c, "k" + c + "k"));
        Stream<String> others = Stream.of(
                "",
                "-",
                "k\r\nl",
                "k\nr\nk\n" + TOKEN,
                "k\u2028l\u2029",
                "\ud800",
                "\udc00",
                "k\ud800k",
                "\udc00\ud800",
                "k".repeat(255),
                "ü".repeat(127) + "k",
                "\ud83d\ude00".repeat(63));
        return Stream.concat(odd, others);
    }

    @ParameterizedTest
    @EnumSource
    void rule_14_a_key_is_refused_here_or_arrives_as_it_is(Profile profile) throws Exception {
        FakeOptions options = FakeOptions.defaults().withProfile(profile).withMaxLocks(10_000);
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = DflockdClient.connect(server.address())) {
            for (String key : oddKeys().toList()) {
                int before = server.journal().size();
                if (isRefusedHere(client, key)) {
                    assertThat(server.journal().size()).as(escaped(key)).isEqualTo(before);
                    continue;
                }
                try (Lease lease = client.lock(key).acquire()) {
                    assertThat(server.journal().size()).as(escaped(key)).isGreaterThan(before);
                    assertThat(server.state().held())
                            .as(escaped(key))
                            .singleElement()
                            .satisfies(held -> assertThat(held.key()).isEqualTo(Key.of(key)));
                    assertThat(lease.key()).isEqualTo(key);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void rule_14_what_a_server_refuses_is_refused_here(Profile profile) throws Exception {
        FakeOptions options = FakeOptions.defaults().withProfile(profile).withMaxLocks(10_000);
        List<String> refusedThere = new ArrayList<>();
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = DflockdClient.connect(server.address())) {
            List<String> keys = Stream.concat(oddKeys(), Stream.of("k".repeat(257), "ü".repeat(129)))
                    .filter(key -> key.indexOf('\n') < 0)
                    .toList();
            for (String key : keys) {
                Optional<String> answer = server.scriptedClient().ask("l", key, "0");
                if (answer.equals(Optional.of("error"))) {
                    refusedThere.add(key);
                    assertThat(isRefusedHere(client, key)).as(escaped(key)).isTrue();
                }
            }
        }
        assertThat(refusedThere).contains("", " ", "k\tk", "\rk", "k".repeat(257));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\tb", "a\r", "a\nb", "\ud800", "a\nr\na\n" + TOKEN})
    void rule_14_no_command_takes_such_a_key(String key) throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = DflockdClient.connect(server.address());
                DflockdConnection low = DflockdConnection.connect(server.address())) {
            for (ThrowingCallable call : new ThrowingCallable[] {
                () -> client.lock(key),
                () -> client.semaphore(key, 2),
                () -> low.acquire(key, 0),
                () -> low.acquire(key, 0, 5),
                () -> low.acquireSlot(key, 0, 2),
                () -> low.acquireSlot(key, 0, 2, 5),
                () -> low.enqueue(key),
                () -> low.enqueue(key, 5),
                () -> low.enqueueSlot(key, 2),
                () -> low.enqueueSlot(key, 2, 5),
                () -> low.await(key, 0),
                () -> low.awaitSlot(key, 0),
                () -> low.renew(key, TOKEN),
                () -> low.renew(key, TOKEN, 5),
                () -> low.renewSlot(key, TOKEN),
                () -> low.renewSlot(key, TOKEN, 5),
                () -> low.release(key, TOKEN),
                () -> low.releaseSlot(key, TOKEN)
            }) {
                assertThatThrownBy(call)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the key");
            }
            assertThat(server.journal().requests()).isEmpty();
            assertThat(low.isUsable()).isTrue();
        }
    }

    @Test
    void numbers_and_durations_name_their_limit() {
        DflockdClientBuilder builder = DflockdClient.builder();
        try (DflockdClient client = DflockdClient.connect("localhost:1")) {
            DistributedLock lock = client.lock("orders");
            refused(() -> client.semaphore("gpu", 0), "semaphore 'gpu' must be at least 1, but is 0");
            refused(() -> client.semaphore("gpu", Integer.MIN_VALUE), "at least 1");
            refused(() -> lock.withLease(Duration.ZERO), "the lease must be more than zero, but is PT0S");
            refused(() -> lock.withLease(ofNanos(-1)), "the lease must be more than zero");
            refused(() -> lock.withAcquireTimeout(ofNanos(-1)), "the acquire timeout is negative");
            refused(() -> lock.tryAcquire(ofMillis(-1)), "the timeout is negative");
            for (double ratio : new double[] {0, 1, -0.5, 1.5, Double.NaN, Double.POSITIVE_INFINITY}) {
                refused(() -> lock.withRenewRatio(ratio), "renew ratio must be between 0 and 1, but is " + ratio);
                refused(() -> builder.renewRatio(ratio), "renew ratio must be between 0 and 1, but is " + ratio);
            }
        }
        refused(() -> builder.defaultLease(Duration.ZERO), "the lease must be more than zero");
        refused(() -> builder.acquireTimeout(ofMillis(-1)), "the acquire timeout is negative");
        refused(() -> builder.connectTimeout(Duration.ZERO), "the connect timeout must be more than zero");
        refused(() -> builder.responseTimeout(ofMillis(-5)), "the response timeout must be more than zero");
        refused(() -> builder.serverReadTimeout(Duration.ZERO), "the server's read timeout must be more than zero");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":6388",
                "host:",
                "host:0",
                "host:65536",
                "host:-1",
                "host:1x",
                "host:\uff11",
                "::1",
                "[::1",
                "[::1]6388",
                "[]:1",
                "a b:1",
                "a,b\nc",
                "a:1,b:2",
                "a\u0000b"
            })
    void server_addresses_that_cannot_be_read_say_why(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DflockdClient.connect("localhost", address))
                .withMessageMatching("(?s).*(host|port|server address|bracket).*");
    }

    @Test
    void server_lists_need_a_server_and_may_be_written_in_every_usual_way() {
        assertThatIllegalArgumentException().isThrownBy(DflockdClient::connect).withMessageContaining("at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DflockdClient.builder().servers(List.of()));
        assertThat(ServerAddress.parse(" host ")).isEqualTo(new ServerAddress("host", 6388));
        assertThat(ServerAddress.parse("[fe80::1%eth0]:1")).isEqualTo(new ServerAddress("fe80::1%eth0", 1));
        assertThat(ServerAddress.parse("[::1]")).hasToString("[::1]:6388");
    }

    static Stream<String> oddSecrets() {
        return Stream.of("", " \t", "a\nb", "a\r", "half\ud800", "s".repeat(65_537), "ü".repeat(32_769));
    }

    @ParameterizedTest
    @MethodSource("oddSecrets")
    void rule_14_a_secret_that_is_no_line_is_refused_unquoted(String secret) throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = client(server, () -> secret);
                DflockdConnection low = DflockdConnection.connect(server.address())) {
            for (ThrowingCallable call : new ThrowingCallable[] {
                () -> client.lock("orders").acquire(),
                () -> client.lock("orders").enqueue(),
                client::ping
            }) {
                refusedUnquoted(ConnectionException.class, call);
            }
            refusedUnquoted(IllegalArgumentException.class, () -> low.authenticate(secret));
            assertThat(server.journal().requests()).isEmpty();
        }
    }

    private static void refusedUnquoted(Class<? extends Throwable> type, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(type)
                .hasMessageContaining("the secret")
                .satisfies(e -> assertThat(String.valueOf(e.getMessage()))
                        .hasSizeLessThan(180)
                        .doesNotContain("half\ud800"));
    }

    @Test
    void rule_14_the_longest_secret_goes_out_whole() throws Exception {
        String secret = "ü".repeat(32_768);
        FakeOptions options = FakeOptions.defaults().withProfile(Profile.V2).withAuthToken(secret);
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                DflockdClient client = client(server, () -> secret)) {
            client.lock("orders").acquire().close();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void nothing_is_said_by_name() {
        DflockdClientBuilder builder = DflockdClient.builder();
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = client(server, () -> null)) {
            nothing(() -> client.lock(null), "key");
            nothing(() -> client.lock("orders").withLease(null), "lease");
            nothing(() -> client.lock("orders").withAcquireTimeout(null), "acquire timeout");
            nothing(() -> client.lock("orders").tryAcquire(null), "timeout");
            nothing(() -> client.lock("orders").run((Scoped.Action<RuntimeException>) null), "body");
            nothing(() -> client.lock("orders").call((Scoped.LeaseCall<String, RuntimeException>) null), "body");
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("the secret supplier returned null");
            nothing(() -> builder.secret(null), "secret");
            nothing(() -> builder.connectTimeout(null), "connect timeout");
            nothing(() -> builder.runtime(null), "runtime");
            nothing(() -> builder.servers((String) null), "server address");
            assertThat(server.journal().requests()).isEmpty();
        }
    }

    private static boolean isRefusedHere(DflockdClient client, String key) {
        try {
            client.lock(key);
            return false;
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("the key");
            return true;
        }
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
    }

    private static void nothing(ThrowingCallable call, String name) {
        assertThatNullPointerException().isThrownBy(call).withMessageContaining(name);
    }

    private static DflockdClient client(FakeDflockdServer server, Supplier<String> secret) {
        return DflockdClient.builder().servers(server.address()).secret(secret).build();
    }

    private static String escaped(String key) {
        StringBuilder text = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_16BE)) {
            text.append(String.format("%02x", b));
        }
        return text.toString();
    }
}

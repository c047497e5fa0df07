package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that runs already: what is known of it, and what is not done to it. */
class ExternalTest {

    private static final FakeDflockdServer SERVER = FakeDflockdServer.start();
    private static final DflockdClient OTHERS = DflockdClient.connect(SERVER.address());

    /** The client frees what nobody refers to any more. */
    private static final List<AutoCloseable> HELD = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void another_run_holds_something() throws Exception {
        HELD.add(OTHERS.lock("others").acquire());
        HELD.add(OTHERS.semaphore("others-seats", 2).acquire());
    }

    /** Whatever the tests did, it is neither closed nor reset. */
    @AfterAll
    static void it_is_left_as_it_was() {
        assertThat(SERVER.state().held())
                .extracting(slot -> slot.key().toString())
                .contains("others", "others-seats");
        OTHERS.close();
        SERVER.close();
    }

    private static Kit.Outcome run(Class<?> type) {
        return run(type, SERVER.address(), Map.of());
    }

    private static Kit.Outcome run(Class<?> type, String address, Map<String, String> more) {
        return Kit.runOn("external:" + address, more, type);
    }

    @Test
    void what_the_injected_client_holds_is_a_leak_and_free_for_the_next_test() {
        Kit.Outcome outcome = run(Leaks.class);

        assertThat(outcome.onlyFailure())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("'external-leak' is still held by an injected client");
        assertThat(outcome.results().testEvents().succeeded().count()).isEqualTo(1);
    }

    @Test
    void what_others_take_meanwhile_is_no_leak() {
        run(OthersAreBusy.class).passed(1);
    }

    @Test
    void a_client_that_was_not_closed_is_a_leak() {
        assertThat(run(LeavesClient.class).onlyFailure()).hasMessageContaining("a DflockdClient was not closed");
    }

    @Test
    void a_failure_tells_what_the_server_says_and_what_the_clients_did() {
        String report = run(Fails.class).entry("dflockd").orElseThrow();

        assertThat(report.replaceAll("\\d+\\.\\d+s", "0s").replaceAll("after \\d+ ms", "after 0 ms"))
                .startsWith("dflockd external at " + SERVER.address() + "\n")
                .contains("keys that were taken before the test: ", "others, others-seats")
                .contains("    others: held by connection ", "    others-seats: 1 of 2 slots held, 0 waiting\n")
                .contains("""
                          what the injected clients did:
                            0s connected
                            0s got external-fails after 0 ms
                            0s released external-fails after 0 ms
                        """)
                .contains("did not get others after 0 ms")
                .contains("what it has printed: nobody here can see that");
    }

    @Test
    void a_server_that_is_not_there_fails_the_class_with_its_address_and_source() throws IOException {
        String nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "127.0.0.1:" + socket.getLocalPort();
        }
        assertThat(run(Fails.class, nobody, Map.of()).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageStartingWith(
                        "@WithDflockd on " + Fails.class.getName() + ": no server, it would be external at " + nobody
                                + " (JUnit configuration parameter dflockd.backend): ");
    }

    @Test
    void a_word_that_is_none_fails_the_class_with_its_source() {
        assertThat(Kit.runOn("podman", Map.of(), Fails.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageStartingWith(
                        "the JUnit configuration parameter dflockd.backend is 'podman': it must be fake,");
    }

    @Test
    void a_secret_is_configured_and_never_told() {
        try (FakeDflockdServer secret =
                FakeDflockdServer.start(FakeOptions.defaults().withAuthToken("s3cret"))) {
            run(Uses.class, secret.address(), Map.of("dflockd.secret", "s3cret"))
                    .passed(1);

            Throwable refused = run(Uses.class, secret.address(), Map.of("dflockd.secret", "wr0ng"))
                    .onlyFailure();
            assertThat(refused).hasMessageContaining("no server, it would be external at " + secret.address());
            for (Throwable at = refused; at != null; at = at.getCause()) {
                assertThat(at.toString()).doesNotContain("wr0ng");
            }
        }
    }

    @Test
    void a_certificate_is_told_by_the_builder_of_clients() {
        try (FakeDflockdServer tls =
                FakeDflockdServer.start(FakeOptions.defaults().withTls())) {
            Tls.server = Optional.of(tls);
            run(Tls.class, tls.address(), Map.of()).passed(1);
        }
    }

    @Test
    void servers_with_names_are_several() {
        try (FakeDflockdServer a = FakeDflockdServer.start();
                FakeDflockdServer b = FakeDflockdServer.start()) {
            Map<String, String> addresses = Map.of("dflockd.address.a", a.address(), "dflockd.address.b", b.address());
            Kit.runOn("external", addresses, Two.class).passed(1);
            assertThat(Kit.seen(Two.class, String.class)).containsExactly(a.address(), b.address());
        }
    }

    @WithDflockd
    static class Leaks {
        @Test
        void one(DflockdClient client) throws Exception {
            takeAndLeaveTheFirst(client);
        }

        @Test
        void two(DflockdClient client) throws Exception {
            takeAndLeaveTheFirst(client);
        }

        private static void takeAndLeaveTheFirst(DflockdClient client) throws Exception {
            Lease lease = client.lock("external-leak").tryAcquire(Duration.ZERO).orElseThrow();
            HELD.add(lease);
            if (!Kit.seen(Leaks.class, String.class).isEmpty()) {
                lease.close();
            }
            Kit.saw(Leaks.class, "leak");
        }
    }

    @WithDflockd
    static class OthersAreBusy {
        @Test
        void test(DflockdClient client) throws Exception {
            client.ping();
            HELD.add(OTHERS.lock("others-later").acquire());
            HELD.add(OTHERS.lock("others-later").enqueue());
        }
    }

    @WithDflockd
    static class LeavesClient {
        private static final List<DflockdClient> LEFT = new CopyOnWriteArrayList<>();

        @Test
        void test(DflockdServer server) throws Exception {
            LEFT.add(DflockdClient.connect(server.address()));
            HELD.add(LEFT.get(0).lock("external-left").acquire());
        }

        @AfterAll
        static void after() {
            LEFT.forEach(DflockdClient::close);
        }
    }

    @WithDflockd
    static class Fails {
        @Test
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("external-fails").call(Lease::isHeld)).isTrue();
            assertThat(client.lock("others").tryAcquire(Duration.ZERO)).isEmpty();
            fail("on purpose");
        }
    }

    @WithDflockd
    static class Uses {
        @Test
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("external-used").call(Lease::isHeld)).isTrue();
        }
    }

    static class Tls {
        private static Optional<FakeDflockdServer> server = Optional.empty();

        @RegisterExtension
        static final DflockdExtension DFLOCKD =
                DflockdExtension.builder().client(Tls::trust).build();

        private static void trust(DflockdClientBuilder client) {
            client.tls(server.orElseThrow().clientSslContext());
        }

        @Test
        void test(DflockdClient client) throws Exception {
            assertThat(client.lock("external-used").call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd(name = "a")
    @WithDflockd(name = "b")
    static class Two {
        @Test
        void test(@Dflockd("a") DflockdServer a, @Dflockd("b") DflockdServer b) {
            Kit.saw(
                    Two.class,
                    List.of(a, b).stream().map(DflockdServer::address).toArray());
        }
    }
}

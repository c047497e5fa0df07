package io.dflockd.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.Lease;
import io.dflockd.client.RejectedException;
import io.dflockd.junit.container.DflockdContainer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** A server in a container, for real. Without a container engine all of it is skipped with one loud line, and fails in CI. */
@Timeout(300)
class ContainerTest {

    private static final String HELD = "container-held";

    /** The client frees what nobody refers to any more. */
    private static final List<AutoCloseable> KEPT = new CopyOnWriteArrayList<>();

    @Test
    void settings_are_flags_and_one_container_serves_the_class_and_ends_with_it() {
        Kit.runInContainer(Limited.class).passed(2);

        List<String> addresses = Kit.seen(Limited.class, String.class);
        assertThat(addresses).hasSize(2);
        assertThat(addresses.get(0)).isEqualTo(addresses.get(1));
        assertThatThrownBy(() -> {
                    try (DflockdClient client = DflockdClient.connect(addresses.get(0))) {
                        client.ping();
                    }
                })
                .hasMessageContaining(addresses.get(0));
    }

    @Test
    void each_test_has_a_container_of_its_own_where_that_was_asked_for() {
        Kit.runInContainer(PerMethod.class).passed(2);
    }

    @Test
    void a_leak_is_told_with_what_was_printed_and_the_next_test_finds_nothing_of_it() {
        Kit.Outcome outcome = Kit.runInContainer(Leaks.class);

        assertThat(outcome.onlyFailure())
                .hasMessageContaining("'" + HELD + "' is still held by connection ")
                .hasMessageContaining("somebody still waits for '" + HELD + "'");
        assertThat(outcome.results().testEvents().succeeded().count()).isEqualTo(1);
        assertThat(outcome.entry("dflockd").orElseThrow())
                .startsWith("dflockd container of dflockd-fake-server:latest at ")
                .contains("    " + HELD + ": held by connection ")
                .contains("what it has printed: listening on 0.0.0.0:6388");
    }

    /** What lives longer than a test may hold something when the next begins. The fake takes it away; so does this, at the same address. */
    @Test
    void a_server_that_does_not_come_free_is_started_again_at_its_address() {
        Kit.runInContainer(Restarted.class).passed(2);

        assertThat(List.copyOf(Kit.seen(Restarted.class, String.class)))
                .hasSize(2)
                .allSatisfy(address -> assertThat(address)
                        .isEqualTo(Kit.seen(Restarted.class, String.class).get(0)));
    }

    @Test
    void a_container_may_have_a_certificate_a_secret_and_flags(@TempDir Path folder) throws Exception {
        Encrypted.folder = folder;
        makeCertificate(folder);

        Kit.runInContainer(Encrypted.class).passed(1);
    }

    @Test
    void a_secret_among_the_options_reaches_server_and_client() {
        Kit.runInContainer(Secret.class).passed(1);
    }

    @Test
    void a_server_that_does_not_start_is_told_with_what_it_printed() {
        assertThat(Kit.runInContainer(NoSuchFlag.class).onlyFailure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessageContaining(
                        "no server, it would be container (JUnit configuration parameter dflockd.backend): ")
                .hasMessageContaining("the server has ended and said: ")
                .hasMessageContaining("unknown flag --no-such-flag");
    }

    /** A certificate for localhost and its key, as PEM. */
    private static void makeCertificate(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString(),
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        pem(
                folder.resolve("server.pem"),
                "CERTIFICATE",
                keys.getCertificate("server").getEncoded());
        pem(
                folder.resolve("server.key"),
                "PRIVATE KEY",
                keys.getKey("server", "changeit".toCharArray()).getEncoded());
    }

    private static void pem(Path file, String label, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(bytes);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }

    @WithDflockd(maxLocks = 2)
    static class Limited {
        @Test
        void one(DflockdServer server, DflockdClient client) throws Exception {
            Kit.saw(Limited.class, server.address());
            try (Lease a = client.lock("a").acquire();
                    Lease b = client.lock("b").acquire()) {
                assertThat(a.isHeld()).isEqualTo(b.isHeld()).isTrue();
                assertThatThrownBy(() -> client.lock("c").acquire())
                        .isInstanceOf(RejectedException.class)
                        .hasMessageContaining("error_max_locks");
            }
        }

        @Test
        void two(DflockdServer server, DflockdClient client) throws Exception {
            one(server, client);
        }
    }

    /** A semaphore keeps its limit for a minute on a server that lives on. */
    @WithDflockd(scope = ServerScope.PER_METHOD)
    static class PerMethod {
        @Test
        void one(DflockdClient client) throws Exception {
            assertThat(client.semaphore("seats", 2).call(Lease::isHeld)).isTrue();
        }

        @Test
        void two(DflockdClient client) throws Exception {
            assertThat(client.semaphore("seats", 3).call(Lease::isHeld)).isTrue();
        }
    }

    @WithDflockd
    static class Leaks {
        @Test
        void one(DflockdClient client) throws Exception {
            leaveTheFirst(client);
        }

        @Test
        void two(DflockdClient client) throws Exception {
            leaveTheFirst(client);
        }

        private static void leaveTheFirst(DflockdClient client) throws Exception {
            boolean first = Kit.seen(Leaks.class, String.class).isEmpty();
            Lease lease = client.lock(HELD).tryAcquire(Duration.ZERO).orElseThrow();
            KEPT.add(lease);
            if (first) {
                KEPT.add(client.lock(HELD).enqueue());
                Kit.saw(Leaks.class, "first");
            } else {
                lease.close();
            }
        }
    }

    @WithDflockd(leakCheck = LeakCheck.OFF)
    static class Restarted {
        private static final List<DflockdClient> OWN = new CopyOnWriteArrayList<>();

        @Test
        void one(DflockdServer server) throws Exception {
            take(server);
        }

        @Test
        void two(DflockdServer server) throws Exception {
            take(server);
        }

        private static void take(DflockdServer server) throws Exception {
            Kit.saw(Restarted.class, server.address());
            if (OWN.isEmpty()) {
                OWN.add(DflockdClient.connect(server.address()));
            }
            KEPT.add(OWN.get(0)
                    .lock(HELD)
                    .withoutRenewal()
                    .tryAcquire(Duration.ZERO)
                    .orElseThrow());
        }

        @AfterAll
        static void after() {
            OWN.forEach(DflockdClient::close);
        }
    }

    static class Encrypted {
        private static Path folder = Path.of("");

        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .container(() -> new DflockdContainer()
                        .withFlags("--max-locks", "1")
                        .withAuthToken("s3cret")
                        .withTls(folder.resolve("server.pem"), folder.resolve("server.key")))
                .build();

        @Test
        void test(DflockdServer server, DflockdClient client) throws Exception {
            try (Lease lease = client.lock("a").acquire()) {
                assertThat(lease.isHeld()).isTrue();
                assertThatThrownBy(() -> client.lock("b").acquire()).hasMessageContaining("error_max_locks");
            }
            assertThat(server.toString()).doesNotContain("s3cret");
            String all = DockerClientFactory.instance()
                    .client()
                    .listContainersCmd()
                    .exec()
                    .toString();
            assertThat(all).contains("--auth-token-file").doesNotContain("s3cret");
            assertThatThrownBy(() -> {
                        try (DflockdClient plain = DflockdClient.connect(server.address())) {
                            plain.ping();
                        }
                    })
                    .as("TLS only")
                    .isInstanceOf(Exception.class);
        }
    }

    static class Secret {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .options(options -> options.withAuthToken("s3cret").withReadTimeout(Duration.ofSeconds(60)))
                .build();

        @Test
        void test(DflockdClient client, DflockdServer server) throws Exception {
            assertThat(client.lock("a").call(Lease::isHeld)).isTrue();
            try (DflockdClient stranger = DflockdClient.connect(server.address())) {
                assertThatThrownBy(stranger::ping).hasMessageContaining("secret");
            }
        }
    }

    static class NoSuchFlag {
        @RegisterExtension
        static final DflockdExtension DFLOCKD = DflockdExtension.builder()
                .container(() -> new DflockdContainer().withFlags("--no-such-flag", "1"))
                .build();

        @Test
        void test() {
            fail("it should not have started");
        }
    }
}

package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of docs/client.md, compiled and run, and the check that the page shows exactly this and leaves out no setting and no exception. */
@Timeout(60)
class ClientGuideTest {

    private static final Path PAGE = Path.of("../docs/client.md");
    private static final Path TEST = Path.of("src/test/java/io/dflockd/client/ClientGuideTest.java");

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withProfile(Profile.V2));
    private final DflockdClient client = DflockdClient.builder()
            .servers(server.address())
            .serversHaveFences()
            .build();
    private final List<String> done = new ArrayList<>();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "lock", "semaphore", "scoped", "lease", "enqueue", "adapter", "questions"})
    void the_guide_shows_what_is_run_here(String snippet) throws IOException {
        assertThat(shown(snippet)).isEqualTo(source(snippet));
    }

    @Test
    void the_guide_names_every_setting_and_every_exception() throws IOException {
        List<String> settings = Arrays.stream(DflockdClientBuilder.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("build"))
                .distinct()
                .toList();
        assertThat(settings).hasSizeGreaterThan(10).allSatisfy(name -> assertThat(Files.readString(PAGE))
                .containsPattern("\\| .*`" + name + "`.* \\|"));
        for (Class<?> exception : DflockdException.class.getPermittedSubclasses()) {
            assertThat(Files.readString(PAGE)).contains("| `" + exception.getSimpleName() + "` |");
        }
    }

    @Test
    void connect() throws Exception {
        try (FakeDflockdServer other = FakeDflockdServer.start()) {
            String one = server.address();
            String two = other.address();
            // snippet: connect
            DflockdClient client = DflockdClient.builder()
                    .servers(one, two)
                    .acquireTimeout(Duration.ofSeconds(30))
                    .defaultLease(Duration.ofSeconds(60))
                    .secret(() -> readSecret())
                    .build();
            // end
            assertThat(client.lock("orders").call(Lease::ttl)).isEqualTo(Duration.ofSeconds(60));
            client.close();
        }
    }

    @Test
    @SuppressWarnings("try") // holding is all that the lease is for
    void lock() throws Exception {
        // snippet: lock
        DistributedLock orders = client.lock("orders").withLease(Duration.ofSeconds(60));
        try (Lease lease = orders.acquire()) {
            sendInvoices();
        }
        Optional<Lease> got = orders.tryAcquire(Duration.ofMillis(250));
        // end
        assertThat(got.orElseThrow().isHeld()).isTrue();
        assertThat(done).containsExactly("invoices");
    }

    @Test
    @SuppressWarnings("try") // holding is all that the lease is for
    void semaphore() throws Exception {
        // snippet: semaphore
        try (Lease slot = client.semaphore("gpu", 4).acquire()) { // the same limit for all who use the key
            train();
        }
        // end
        assertThat(done).containsExactly("model");
    }

    @Test
    void scoped() throws Exception {
        // snippet: scoped
        client.lock("orders").run(() -> sendInvoices());
        int total = client.lock("orders").call(lease -> {
            int sum = readSum();
            lease.ensure(Duration.ofSeconds(5)); // LeaseLostException if it cannot be
            return sum + 1;
        });
        // end
        assertThat(total).isEqualTo(42);
        assertThat(done).containsExactly("invoices");
    }

    @Test
    void lease() throws Exception {
        // snippet: lease
        try (Lease lease = client.lock("orders").acquire()) {
            lease.onLost(lost -> stop("lost: " + lost.reason()));
            OptionalLong fence = lease.fencingToken(); // of a client that was built with serversHaveFences()
            if (lease.isHeld()) {
                write("row", fence.orElseThrow());
            }
        }
        // end
        assertThat(done).containsExactly("row");
    }

    @Test
    void enqueue() throws Exception {
        // snippet: enqueue
        try (Enqueued place = client.lock("orders").enqueue()) {
            tellOthers(place.status()); // ACQUIRED or QUEUED
            Optional<Lease> turn = place.await(Duration.ofSeconds(10));
            turn.ifPresent(lease -> {
                try (lease) {
                    sendInvoices();
                }
            });
        }
        // end
        assertThat(done).containsExactly("ACQUIRED", "invoices");
    }

    @Test
    void adapter() {
        // snippet: adapter
        Lock lock = client.lock("orders").asLock(); // keep it: threads that share it know of each other
        lock.lock();
        try {
            sendInvoices();
        } finally {
            lock.unlock();
        }
        // end
        assertThat(done).containsExactly("invoices");
    }

    @Test
    void questions() throws Exception {
        // snippet: questions
        client.ping();
        for (ServerStats stats : client.stats()) {
            System.out.println(stats.server() + ": " + stats.connections() + " connections, locks " + stats.locks());
        }
        // end
        assertThat(client.stats()).hasSize(1);
    }

    private void sendInvoices() {
        done.add("invoices");
    }

    private void train() {
        done.add("model");
    }

    private int readSum() throws IOException {
        if (!Files.exists(PAGE)) {
            throw new IOException("no page");
        }
        return 41;
    }

    private static String readSecret() {
        return "s3cret";
    }

    private void stop(String why) {
        done.add(why);
    }

    private void write(String row, long fence) {
        assertThat(fence).isNotZero();
        done.add(row);
    }

    private void tellOthers(Enqueued.Status status) {
        done.add(status.name());
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
        return String.join("\n", lines.subList(start, start + length)).stripIndent() + "\n";
    }
}

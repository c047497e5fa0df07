package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Start, reset, stop, and clients that behave badly. */
@Timeout(60)
class ServerLifeTest {

    private static final String GRANT = "ok [0-9a-f]{32} 33";

    @Test
    void close_ends_a_hundred_blocked_waiters_and_its_thread() throws IOException {
        FakeDflockdServer server = FakeDflockdServer.start();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i <= 100; i++) {
            clients.add(new RawClient(server).send("l", "orders", "60"));
        }
        assertThat(clients.get(0).line()).matches(GRANT);
        await().until(() -> clients.get(0).ask("stats", "", ""), stats -> stats.contains("\"waiters\":100"));

        server.close();
        server.close();

        assertThat(threadsOf(server)).isEmpty();
        for (RawClient client : clients) {
            assertThat(client.end()).isIn(RawClient.END, "reset");
            client.close();
        }
    }

    @Test
    void a_closed_server_listens_no_more() {
        FakeDflockdServer server = FakeDflockdServer.start();
        server.close();

        assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(IOException.class);
    }

    @Test
    void a_port_is_free_again_at_once() {
        FakeDflockdServer first = FakeDflockdServer.start();
        first.close();

        try (FakeDflockdServer second =
                FakeDflockdServer.start(FakeOptions.defaults().withPort(first.port()))) {
            assertThat(second.port()).isEqualTo(first.port());
        }
    }

    @Test
    void reset_is_as_good_as_a_new_server() throws IOException {
        FakeOptions options = FakeOptions.defaults().withManualClock();
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient before = new RawClient(server)) {
            String token = before.token("orders");
            server.clock().advance(Duration.ofSeconds(5));
            server.on(acquire()).at(BEFORE_APPLY).then(close());

            server.reset();

            assertThat(before.end()).isEqualTo(RawClient.END);
            assertThat(server.unusedFaults()).isEmpty();
            try (RawClient after = new RawClient(server)) {
                assertThat(after.ask("stats", "", ""))
                        .isEqualTo(
                                "ok {\"connections\":1,\"locks\":[],\"semaphores\":[],\"idle_locks\":[],\"idle_semaphores\":[]}");
                assertThat(after.ask("r", "orders", token)).isEqualTo("error");
                assertThat(after.token("orders")).isNotEqualTo(token);
            }
            assertThat(server.clock().nanos()).isZero();
        }
    }

    @Test
    void the_same_seed_gives_the_same_tokens() throws IOException {
        String first = firstToken(FakeOptions.defaults().withSeed(5));

        assertThat(firstToken(FakeOptions.defaults().withSeed(5))).isEqualTo(first);
        assertThat(firstToken(FakeOptions.defaults())).isNotEqualTo(first);
    }

    private static String firstToken(FakeOptions options) throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient client = new RawClient(server)) {
            return client.token("orders");
        }
    }

    @Test
    void an_expiry_by_hand_goes_to_the_waiter() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            String token = holder.token("orders");
            assertThat(waiter.ask("e", "orders", "")).isEqualTo("queued");
            waiter.send("w", "orders", "10");

            server.expireLease("orders");

            assertThat(waiter.line()).matches(GRANT);
            assertThat(holder.ask("n", "orders", token)).isEqualTo("error");
        }
    }

    @Test
    void an_interrupted_thread_that_moves_the_clock_breaks_no_connection() throws IOException {
        FakeOptions options = FakeOptions.defaults().withManualClock();
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            holder.token("orders");
            waiter.send("l", "orders", "3");
            await().until(() -> holder.ask("stats", "", ""), stats -> stats.contains("\"waiters\":1"));

            Thread.currentThread().interrupt();
            server.clock().advance(Duration.ofSeconds(3));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(waiter.line()).isEqualTo("timeout");
            assertThat(waiter.ask("l", "other", "0")).matches(GRANT);
        }
    }

    @Test
    void a_flood_behind_a_blocked_command_is_answered_in_the_end() throws Exception {
        int requests = 20_000;
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient holder = new RawClient(server);
                RawClient flooder = new RawClient(server)) {
            holder.token("orders");
            flooder.send("e", "orders", "");
            assertThat(flooder.line()).isEqualTo("queued");
            flooder.send("w", "orders", "50");
            ExecutorService writer = Executors.newSingleThreadExecutor();
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> flood(flooder, requests), writer);

            assertThat(holder.ask("stats", "", "")).as("others go on").startsWith("ok ");
            holder.hangUp();

            assertThat(flooder.line()).matches(GRANT);
            for (int i = 0; i < requests; i++) {
                assertThat(flooder.line()).isEqualTo("error");
            }
            written.get(5, TimeUnit.SECONDS);
            writer.shutdown();
        }
    }

    @Test
    void a_client_that_does_not_read_is_cut_off_and_frees_its_locks() throws IOException {
        FakeOptions options = FakeOptions.defaults().withWriteTimeout(Duration.ofMillis(300));
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient deaf = new RawClient(server);
                RawClient other = new RawClient(server)) {
            deaf.token("orders");

            assertThatThrownBy(() -> flood(deaf, Integer.MAX_VALUE)).hasRootCauseInstanceOf(IOException.class);

            assertThat(other.ask("l", "orders", "10")).matches(GRANT);
        }
    }

    private static void flood(RawClient client, int requests) {
        byte[] batch = "x\ny\nz\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try {
            OutputStream out = client.socket().getOutputStream();
            for (int i = 0; i < requests / 1000; i++) {
                out.write(batch);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Thread> threadsOf(FakeDflockdServer server) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dflockd-fake-" + server.port()))
                .toList();
    }
}

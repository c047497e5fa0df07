package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.ReplyEffect.endlessLine;
import static io.dflockd.fake.fault.Trigger.acquire;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.ReplyEffect;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line without an end, read fast, slowly, not at all, and until the server stops. */
@Timeout(60)
class EndlessLineTest {

    private static final int PIECE = 16 * 1024;
    private static final int TEN_MEGABYTES = 10 << 20;

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private ByteClient client;
    private RawClient other;

    @BeforeEach
    void connect() throws IOException {
        client = new ByteClient(server);
        other = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        other.close();
        server.close();
    }

    private void acquiredUnderAnEndlessLine(Phase phase) throws IOException {
        FaultHandle fault = server.on(acquire("orders")).at(phase).then(endlessLine());
        client.send("l", "orders", "0");
        assertThat(fault.awaitFired(ofSeconds(5))).isTrue();
    }

    @Test
    @Shows(effect = ReplyEffect.Endless.class, at = Point.AFTER_APPLY_BEFORE_REPLY)
    void the_lock_is_given_and_16_kibibytes_come_every_10_milliseconds() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);

        assertThat(client.bytes(PIECE)).isEqualTo("x".repeat(PIECE));
        server.clock().advance(ofMillis(9));
        assertThat(client.waiting()).isZero();
        server.clock().advance(ofMillis(1));
        assertThat(client.bytes(PIECE)).isEqualTo("x".repeat(PIECE));
        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
    }

    @Test
    @Shows(effect = ReplyEffect.Endless.class, at = Point.BEFORE_APPLY)
    void before_apply_the_lock_is_not_given() throws IOException {
        acquiredUnderAnEndlessLine(BEFORE_APPLY);

        assertThat(client.bytes(PIECE)).isEqualTo("x".repeat(PIECE));
        assertThat(other.token("orders")).hasSize(32);
    }

    @Test
    void a_fast_reader_reads_for_ever_while_others_are_served() throws IOException {
        try (FakeDflockdServer real = FakeDflockdServer.start();
                ByteClient reader = new ByteClient(real);
                RawClient neighbour = new RawClient(real)) {
            real.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(endlessLine());
            reader.send("l", "orders", "0");

            for (int read = 0; read < 1 << 20; read += PIECE) {
                assertThat(reader.bytes(PIECE)).hasSize(PIECE).doesNotContain("\n");
                assertThat(neighbour.ask("l", "orders", "0")).isEqualTo("timeout");
            }
        }
    }

    @Test
    void a_reader_that_stops_is_cut_off_at_the_write_timeout_and_little_was_kept_for_it() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);

        server.clock().advance(ofSeconds(60));

        assertThat(other.token("orders")).as("the lock is free again").hasSize(32);
        assertThat(client.drain()).isLessThan(TEN_MEGABYTES);
    }

    @Test
    void a_slow_reader_is_served_on_for_longer_than_the_write_timeout() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);
        server.clock().advance(ofSeconds(2));

        for (int i = 0; i < 1_000; i++) {
            assertThat(client.bytes(PIECE)).hasSize(PIECE);
            server.clock().advance(ofMillis(10));
        }

        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
    }

    @Test
    void a_client_that_closes_frees_its_lock() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);
        client.bytes(PIECE);

        client.close();

        await().atMost(ofSeconds(10)).until(() -> {
            server.clock().advance(ofMillis(10));
            return other.ask("l", "orders", "0").startsWith("ok ");
        });
    }

    @Test
    void a_network_that_is_cut_keeps_no_more_than_a_machine_would() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);
        client.bytes(PIECE);
        server.partition(1);
        server.clock().advance(Duration.ofHours(1));
        assertThat(client.waiting()).isZero();

        server.heal(1);
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(this::drained);
        server.close();

        assertThat(read.orTimeout(10, TimeUnit.SECONDS).join()).isBetween(0L, 1L << 20);
    }

    @Test
    void stopping_the_server_ends_it_at_once() throws IOException {
        acquiredUnderAnEndlessLine(AFTER_APPLY_BEFORE_REPLY);
        server.clock().advance(ofSeconds(1));
        CompletableFuture<Long> read = CompletableFuture.supplyAsync(this::drained);

        server.close();

        assertThat(read.orTimeout(10, TimeUnit.SECONDS).join()).isLessThan(TEN_MEGABYTES);
    }

    private long drained() {
        try {
            return client.drain();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}

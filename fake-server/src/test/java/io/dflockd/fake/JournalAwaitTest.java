package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.journal.Change;
import io.dflockd.fake.journal.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The journal with several who write and wait, and at its limits. */
class JournalAwaitTest extends JournalStage {

    private static final Duration LIMIT = ofSeconds(5);

    @Test
    void the_oldest_go_first_and_it_is_said() throws IOException {
        server = start(FakeOptions.defaults().withJournalSize(2));
        RawClient client = client();
        client.ask("x", "1", "");
        client.ask("x", "2", "");
        assertThat(server.journal().toString()).startsWith("2 requests:\n  #1 ");
        client.ask("x", "3", "");

        assertThat(server.journal().requests())
                .extracting(RecordedRequest::number)
                .containsExactly(2L, 3L);
        assertThat(server.journal().dropped()).isEqualTo(1);
        assertThat(server.journal().toString())
                .startsWith("2 requests (1 older ones were dropped; FakeOptions.withJournalSize keeps more):\n  #2 ");
    }

    @Test
    void a_journal_of_size_0_is_off() throws IOException {
        server = start(FakeOptions.defaults().withJournalSize(0));
        client().token("a");

        assertThat(server.journal().requests()).isEmpty();
        assertThatThrownBy(() -> server.journal().await(any -> true, 1, LIMIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cannot wait for 1 requests in a journal that keeps 0; ask for at least 1, and keep as many"
                        + " with FakeOptions.withJournalSize");
    }

    @Test
    void await_returns_when_there_are_enough() throws Exception {
        RawClient client = client();
        CompletableFuture<List<RecordedRequest>> waiting = CompletableFuture.supplyAsync(
                () -> server.journal().await(request -> request.change() == Change.GRANTED, 2, LIMIT));
        client.token("a");
        client.ask("l", "a", "0");
        assertThat(waiting).isNotDone();
        client.token("b");

        assertThat(waiting.get(5, TimeUnit.SECONDS))
                .extracting(RecordedRequest::number)
                .containsExactly(1L, 3L);
    }

    @Test
    void await_that_fails_shows_what_came() throws IOException {
        RawClient client = client();
        String token = client.token("a");
        client.ask("x", "y", "z");

        assertThatThrownBy(() -> server.journal().await(request -> request.number() == 1, 2, ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        expected 2 requests of the kind within PT0.001S, found 1:
                          #1 conn=1 l a -> granted reply ok %s 33
                        The newest 2 of 2 requests:
                          #1 conn=1 l a -> granted reply ok %s 33
                          #2 conn=1 "x" "y" "z" (unknown command) -> nothing changed reply error""".formatted(token, token));
    }

    @Test
    void an_interrupt_ends_await_and_the_flag_stays() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> server.journal().await(any -> true, 1, LIMIT))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("within PT5S (interrupted), found 0");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_reset_empties_it_and_ends_await() throws Exception {
        client().token("a");
        CompletableFuture<List<RecordedRequest>> waiting =
                CompletableFuture.supplyAsync(() -> server.journal().await(any -> true, 2, LIMIT));
        server.on(anyCommand()).at(BEFORE_APPLY).then(stall());
        client().send("l", "b", "0");
        // It may have begun after the reset, and then wait for requests that never come: so reset until it has ended.
        Awaitility.await().atMost(LIMIT).until(() -> {
            server.reset();
            return waiting.isDone();
        });

        assertThat(waiting.handle((done, failure) -> String.valueOf(failure)).get())
                .matches(text -> text.contains("the server was reset while waiting") || text.equals("null"));
        assertThat(server.journal().size()).isZero();
        assertThat(server.journal().dropped()).isZero();
        client().ask("l", "b", "0");
        assertThat(lines().get(0)).startsWith("#1 conn=1 l b -> granted");
    }

    @Test
    void many_connections_are_recorded_one_after_the_other() throws Exception {
        int clients = 8;
        int each = 50;
        List<CompletableFuture<Void>> runs = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            RawClient client = client();
            String key = "key-" + c;
            runs.add(CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        client.ask("r", key, client.token(key));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        List<RecordedRequest> all = server.journal().await(request -> !request.isPending(), 2 * clients * each, LIMIT);
        CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(5, TimeUnit.SECONDS);

        assertThat(all).hasSize(2 * clients * each);
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).number()).isEqualTo(i + 1);
        }
        assertThat(all.stream().filter(request -> request.connection() == 3))
                .extracting(RecordedRequest::exchange)
                .isSorted()
                .hasSize(2 * each);
        server.verify().noLeaks().released("key-3").neverHeldTwice("key-3");
    }
}

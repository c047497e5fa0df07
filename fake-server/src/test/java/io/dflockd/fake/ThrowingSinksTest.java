package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sinks of users that throw. */
@Timeout(60)
class ThrowingSinksTest {

    @Test
    void a_server_whose_sinks_throw_serves_all_the_same() throws Exception {
        FakeOptions options = FakeOptions.defaults()
                .withEvents(event -> {
                    throw new IllegalStateException("an event sink that throws, on purpose");
                })
                .withFaultEvents(event -> {
                    throw new AssertionError("a sink of faults that throws, on purpose");
                });
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient client = new RawClient(server)) {
            server.on(Trigger.acquire("a")).at(Phase.BEFORE_APPLY).then(Effect.latency(Duration.ofMillis(1)));

            String token = client.token("a");

            assertThat(client.ask("r", "a", token)).isEqualTo("ok");
            assertThat(server.faultLog()).hasSize(1);
        }
    }

    /** Otherwise it would wait for ever for what falls due in the next step, with the server's lock. */
    @Test
    void a_sink_that_moves_the_clock_is_told_that_it_must_not() throws Exception {
        AtomicReference<FakeDflockdServer> running = new AtomicReference<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        FakeOptions options = FakeOptions.defaults().withManualClock().withFaultEvents(event -> {
            try {
                Objects.requireNonNull(running.get()).clock().advance(Duration.ofSeconds(60));
            } catch (IllegalStateException refused) {
                refusal.set(refused);
            }
        });
        FakeDflockdServer server = FakeDflockdServer.start(options);
        running.set(server);
        try (RawClient other = new RawClient(server);
                RawClient client = new RawClient(server)) {
            other.token("b");
            server.on(Trigger.acquire("a")).at(Phase.BEFORE_APPLY).then(Effect.latency(Duration.ofMillis(1)));
            client.send("l", "a", "0");

            Awaitility.await().until(() -> refusal.get() != null);

            assertThat(refusal.get()).hasMessageContaining("move its clock afterwards");
            server.clock().advance(Duration.ofMillis(1));
            assertThat(client.line()).startsWith("ok ");
        }
        server.close();
    }

    /** On the server's thread both would wait for themselves, or leave a server that is half ended. */
    @Test
    void a_sink_that_resets_or_closes_the_server_is_told_that_it_must_not() throws Exception {
        AtomicReference<FakeDflockdServer> running = new AtomicReference<>();
        List<String> refusals = new CopyOnWriteArrayList<>();
        FakeOptions options = FakeOptions.defaults().withEvents(event -> {
            if (event instanceof EngineEvent.Granted) {
                for (Consumer<FakeDflockdServer> call :
                        List.<Consumer<FakeDflockdServer>>of(FakeDflockdServer::reset, FakeDflockdServer::close)) {
                    try {
                        call.accept(running.get());
                    } catch (IllegalStateException refused) {
                        refusals.add(String.valueOf(refused.getMessage()));
                    }
                }
            }
        });
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient client = new RawClient(server)) {
            running.set(server);
            client.token("a");
            assertThat(server.scriptedClient().ask("l", "b", "0")).isPresent();

            assertThat(refusals)
                    .hasSize(4)
                    .allMatch(
                            text -> text.startsWith("the server is in the midst of a step, which a sink is told of; "));
            assertThat(client.ask("l", "c", "0")).startsWith("ok ");
        }
    }
}

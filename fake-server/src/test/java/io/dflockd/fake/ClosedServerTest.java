package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Restart;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a closed server there is only what it remembers. */
class ClosedServerTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());

    private static Named<Consumer<FakeDflockdServer>> call(String name, Consumer<FakeDflockdServer> call) {
        return Named.of(name, call);
    }

    static Stream<Named<Consumer<FakeDflockdServer>>> calls() {
        return Stream.of(
                call("reset", FakeDflockdServer::reset),
                call("restart", server -> server.restart(Restart.KEEP_STATE)),
                call("drain", FakeDflockdServer::drain),
                call("refuse", FakeDflockdServer::refuseConnections),
                call("accept", FakeDflockdServer::acceptConnections),
                call("blackhole", FakeDflockdServer::blackholeConnections),
                call("on", server -> server.on(acquire()).at(BEFORE_APPLY).then(close())),
                call("replay", server -> server.replayFaults(List.of())),
                call("steal", server -> server.steal("orders")),
                call("expire", server -> server.expireLease("orders")),
                call("shorten", server -> server.shortenLease("orders", SECOND)),
                call("kick", server -> server.kick(1)),
                call("partition", FakeDflockdServer::partition),
                call("heal", FakeDflockdServer::heal),
                call("client", FakeDflockdServer::scriptedClient),
                call("limit", server -> server.limits().maxLocks(1)),
                call("sweeps", server -> server.limits().pauseSweeps()),
                call("advance", server -> server.clock().advance(SECOND)),
                call("advanceTo", server -> server.clock().advanceTo(Long.MAX_VALUE)),
                call("jump", server -> server.clock().jump(SECOND)),
                call("freeze", server -> server.clock().freeze(SECOND)),
                call("thaw", server -> server.clock().thaw()));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void nothing_can_be_done_to_it(Consumer<FakeDflockdServer> call) {
        server.close();

        assertThatThrownBy(() -> call.accept(server))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the server on /" + server.address() + " is closed; start another one");
    }

    @Test
    void its_scripted_clients_are_over() {
        ScriptedClient client = server.scriptedClient();
        server.close();

        assertThatThrownBy(() -> client.ask("l", "orders", "0")).isInstanceOf(IllegalStateException.class);
        assertThat(client.isEnded()).isTrue();
        client.close();
    }

    @Test
    void what_it_remembers_is_as_it_was_at_the_end() throws InterruptedException {
        assertThat(server.scriptedClient().ask("l", "orders", "0")).isPresent();
        server.on(acquire()).at(BEFORE_APPLY).then(close());

        server.close();
        server.close();

        assertThat(server.journal().requests()).hasSize(1);
        assertThat(server.state().toString()).contains("orders");
        server.verify().neverHeldTwice("orders");
        assertThat(server.unusedFaults()).hasSize(1);
        assertThat(server.faultLog()).isEmpty();
        assertThat(server.clock().nanos()).isZero();
        assertThat(server.awaitDrained(SECOND)).isTrue();
    }
}

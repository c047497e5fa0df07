package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.latency;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Phase.Point;
import io.dflockd.fake.fault.Trigger;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A server on a manual clock and two clients: {@code other}, connection 1, is left alone; {@code client}, connection 2, acquires {@code orders} and is struck on the
 * way.
 */
final class Stage implements Closeable {

    static final Duration LIMIT = ofSeconds(10);
    static final String GRANT = "ok [0-9a-f]{32} 33";

    final FakeDflockdServer server;
    final RawClient other;
    private Optional<RawClient> struck = Optional.empty();
    private String token = "";

    Stage(UnaryOperator<FakeOptions> options) throws IOException {
        server = FakeDflockdServer.start(options.apply(FakeOptions.defaults().withManualClock()));
        other = new RawClient(server);
        other.ask("stats", "", "");
    }

    Stage() throws IOException {
        this(UnaryOperator.identity());
    }

    /** Every phase of a server without TLS; those with a number in each way that differs. */
    static Stream<Phase> phases() {
        return Stream.of(
                Phase.ON_CONNECT,
                Phase.afterRequestLine(1),
                Phase.afterRequestLine(2),
                Phase.afterRequestLine(3),
                Phase.BEFORE_APPLY,
                Phase.WHILE_QUEUED,
                Phase.AFTER_APPLY_BEFORE_REPLY,
                Phase.duringReply(8),
                Phase.AFTER_REPLY,
                Phase.IDLE);
    }

    /** Those at which something can take longer. */
    static Stream<Phase> timedPhases() {
        return phases().filter(phase -> latency(Duration.ZERO).points().contains(phase.point()));
    }

    /** Where a request is carried out already. */
    static boolean isApplied(Phase phase) {
        return phase.point().compareTo(Point.AFTER_APPLY_BEFORE_REPLY) >= 0;
    }

    /** What the client has been sent by then, as a pattern. While it is idle it has read its grant. */
    static String sent(Phase phase) {
        return switch (phase.point()) {
            case DURING_REPLY -> "ok [0-9a-f]{5}";
            case AFTER_REPLY -> GRANT + "\n";
            default -> "";
        };
    }

    /** What it is still to be sent if all goes on, as a pattern. */
    static String toBeSent(Phase phase) {
        return switch (phase.point()) {
            case DURING_REPLY -> "[0-9a-f]{27} 33\n";
            case AFTER_REPLY, IDLE -> "";
            default -> GRANT + "\n";
        };
    }

    /** Lets the fault strike the client, which connects for that; what is written at once is written when this returns. */
    FaultHandle strike(Phase phase, Effect effect) throws IOException {
        Trigger trigger = Trigger.anyCommand().connection(2);
        if (phase.point() == Point.IDLE) {
            client().token("orders");
            return struck(server.on(trigger).at(phase).then(effect));
        }
        if (phase.point() == Point.WHILE_QUEUED) {
            token = other.token("orders");
        }
        FaultHandle fault = server.on(trigger).at(phase).then(effect);
        client().send("l", "orders", "10");
        return struck(fault);
    }

    private static FaultHandle struck(FaultHandle fault) {
        assertThat(fault.awaitFired(LIMIT)).as("%s has struck", fault).isTrue();
        return fault;
    }

    /** The client that is struck; it connects if it has not. */
    RawClient client() throws IOException {
        if (struck.isEmpty()) {
            struck = Optional.of(new RawClient(server));
        }
        return struck.get();
    }

    /** The other client lets go of what the struck one waits for, if it does. */
    void handOn() throws IOException {
        if (!token.isEmpty()) {
            assertThat(other.ask("r", "orders", token)).isEqualTo("ok");
            token = "";
        }
    }

    void advance(long millis) {
        server.clock().advance(Duration.ofMillis(millis));
    }

    /** The other client finds the key free, apart from itself. */
    void assertFree() throws IOException {
        handOn();
        String reply = other.ask("l", "orders", "0");
        assertThat(reply).matches(GRANT);
        assertThat(other.ask("r", "orders", reply.substring(3, 35))).isEqualTo("ok");
    }

    /** The other client finds the key held. */
    void assertHeld() throws IOException {
        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
    }

    /** What the server says of itself. */
    String stats() throws IOException {
        return other.ask("stats", "", "");
    }

    @Override
    public void close() throws IOException {
        if (struck.isPresent()) {
            struck.get().close();
        }
        other.close();
        server.close();
    }
}

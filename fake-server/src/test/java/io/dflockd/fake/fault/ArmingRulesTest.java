package io.dflockd.fake.fault;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.expireLease;
import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.IDLE;
import static io.dflockd.fake.fault.Phase.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.ON_TLS_HANDSHAKE;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.Phase.afterRequestLine;
import static io.dflockd.fake.fault.StateEffect.UNSAFE_doubleGrant;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.auth;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.stats;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.Phase.Point;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused when it is armed, and by which words. */
class ArmingRulesTest {

    private final LoneHost host = new LoneHost();
    private final FaultRules rules = new FaultRules(new ReentrantLock(), host, () -> 0, FaultSink.NONE, 1);

    @ParameterizedTest
    @MethodSource("pairs")
    void an_effect_is_refused_exactly_where_it_makes_no_sense(Effect effect, Point point) {
        host.tls = true;
        host.fences = true;
        Phase phase = new Phase(point, point == Point.AFTER_REQUEST_LINE || point == Point.DURING_REPLY ? 1 : 0);

        if (effect.points().contains(point)) {
            assertThatCode(() -> rules.on(anyCommand()).at(phase).then(effect)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> rules.on(anyCommand()).at(phase).then(effect))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(effect + " makes no sense at " + phase + "; it strikes at ")
                    .satisfies(
                            e -> effect.points().forEach(legal -> assertThat(e).hasMessageContaining(legal.name())));
            assertThat(rules.isAnyArmed()).isFalse();
        }
    }

    static Stream<Arguments> pairs() {
        return effects().flatMap(effect -> Arrays.stream(Point.values()).map(point -> Arguments.of(effect, point)));
    }

    /** One of each kind. */
    private static Stream<Effect> effects() {
        Stream<Effect> ofTime = Stream.of(latency(ofSeconds(1)), Effect.lateReply(ofSeconds(1)));
        Stream<Effect> endings = Stream.of(
                close(),
                Effect.reset(),
                Effect.shutdownOutput(),
                Effect.stall(),
                Effect.stallThenClose(ofSeconds(1)),
                Effect.slowClose(ofSeconds(1)));
        Stream<Effect> ofState = Stream.of(
                expireLease(),
                StateEffect.shortenLease(ofSeconds(1)),
                StateEffect.steal(),
                StateEffect.noAutoRelease(),
                StateEffect.clockJump(ofSeconds(1)),
                StateEffect.freeze(ofSeconds(1)),
                StateEffect.restart(Restart.KEEP_STATE),
                StateEffect.fencesGoBack(1),
                UNSAFE_doubleGrant(),
                StateEffect.UNSAFE_skipHeadOfQueue());
        Stream<Effect> ofBytes = Stream.of(
                ReplyEffect.reply("x"),
                ReplyEffect.partialReply(1),
                ReplyEffect.unsolicitedLine("x"),
                ReplyEffect.coalesce(2));
        return Stream.of(ofTime, endings, ofState, ofBytes, Arrays.<Effect>stream(TlsEffect.values()))
                .flatMap(kinds -> kinds);
    }

    @Test
    void the_points_of_effects_are_what_their_javadoc_says() {
        assertThat(close().points()).containsExactlyInAnyOrder(Point.values());
        assertThat(Effect.slowClose(ofSeconds(1)).points())
                .hasSize(Point.values().length - 1)
                .doesNotContain(Point.ON_TLS_HANDSHAKE);
        assertThat(expireLease().points())
                .containsExactlyInAnyOrder(
                        Point.BEFORE_APPLY, Point.WHILE_QUEUED, Point.AFTER_APPLY_BEFORE_REPLY, Point.AFTER_REPLY);
        assertThat(UNSAFE_doubleGrant().points()).containsExactly(Point.BEFORE_APPLY);
    }

    @Test
    void a_phase_without_a_request_takes_no_command_and_no_key() {
        refused(acquire(), ON_CONNECT, close(), "ON_CONNECT has no request; begin with anyCommand()");
        refused(anyCommand().key("a"), IDLE, close(), "IDLE has no request");
        refused(anyCommand().keyMatching("a.*"), IDLE, close(), "IDLE has no request");
        host.tls = true;
        refused(stats(), ON_TLS_HANDSHAKE, close(), "ON_TLS_HANDSHAKE has no request");
    }

    @Test
    void after_line_1_the_key_is_not_known() {
        refused(acquire("a"), afterRequestLine(1), close(), "the key is not known after line 1");
        armed(acquire("a"), afterRequestLine(2), close());
        armed(acquire(), afterRequestLine(1), close());
    }

    @Test
    void only_some_commands_wait_in_a_queue() {
        refused(release(), WHILE_QUEUED, close(), "release never waits in a queue");
        armed(enqueue(), WHILE_QUEUED, close());
    }

    @Test
    void what_is_about_a_key_needs_one() {
        refused(stats(), BEFORE_APPLY, expireLease(), "stats has no key for ExpireLease");
        refused(auth(), BEFORE_APPLY, expireLease(), "auth has no key");
        refused(stats().key("a"), BEFORE_APPLY, close(), "such requests have no key");
        armed(release("a"), BEFORE_APPLY, expireLease());
    }

    @Test
    void only_acquire_and_enqueue_are_granted_twice() {
        refused(release(), BEFORE_APPLY, UNSAFE_doubleGrant(), "release is never granted");
        armed(enqueue(), BEFORE_APPLY, UNSAFE_doubleGrant());
    }

    @Test
    void the_number_of_a_request_must_be_one_that_comes() {
        refused(anyCommand().exchange(1), ON_CONNECT, close(), "ON_CONNECT is before request 1");
        refused(anyCommand().exchange(0), BEFORE_APPLY, close(), "BEFORE_APPLY has requests from 1 on");
        refused(anyCommand().exchange(0), afterRequestLine(1), close(), "has requests from 1 on");
        armed(anyCommand().exchange(0), ON_CONNECT, close());
        armed(anyCommand().exchange(0), IDLE, close());
        armed(anyCommand().exchange(3), IDLE, close());
        armed(anyCommand().exchange(1), AFTER_REPLY, close());
        assertThatThrownBy(() -> anyCommand().exchange(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> anyCommand().connection(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_the_server_does_not_have_cannot_go_wrong() {
        refused(anyCommand(), ON_TLS_HANDSHAKE, close(), "this server has no TLS");
        refused(anyCommand(), BEFORE_APPLY, StateEffect.fencesGoBack(1), "only the profile v2 has them");
        host.proxy = true;
        refused(acquire(), BEFORE_APPLY, expireLease(), "a proxy cannot change the one behind it");
        armed(acquire(), BEFORE_APPLY, close());
    }

    @Test
    void numbers_that_make_no_sense_are_refused() {
        FaultHandle fault = rules.on(acquire()).at(BEFORE_APPLY).then(close());
        Stream.<Runnable>of(
                        () -> latency(ofSeconds(-1)),
                        () -> Effect.uniformLatency(ofSeconds(2), ofSeconds(1)),
                        () -> Effect.logNormalLatency(ofSeconds(2), 1, ofSeconds(1)),
                        () -> Effect.logNormalLatency(ofSeconds(1), 0, ofSeconds(1)),
                        () -> Effect.lateReply(ofSeconds(-1)),
                        () -> Effect.slowClose(ofSeconds(-1)),
                        () -> Effect.stallThenClose(ofSeconds(-1)),
                        () -> StateEffect.shortenLease(ofSeconds(-1)),
                        () -> StateEffect.clockJump(ofSeconds(-1)),
                        () -> StateEffect.freeze(ofSeconds(-1)),
                        () -> StateEffect.fencesGoBack(0),
                        () -> afterRequestLine(0),
                        () -> afterRequestLine(4),
                        () -> Phase.duringReply(0),
                        () -> new Phase(Point.IDLE, 1),
                        () -> acquire().nth(0),
                        () -> acquire().probability(0),
                        () -> acquire().probability(1.1),
                        () -> fault.times(0),
                        () -> fault.forNext(Duration.ZERO),
                        () -> fault.succeedFirst(-1),
                        () -> fault.failEvery(0),
                        () -> fault.outage(ofSeconds(-1), ofSeconds(1)),
                        () -> fault.probability(0),
                        () -> fault.probability(1.1))
                .forEach(wrong -> assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class));
    }

    private void armed(Trigger trigger, Phase phase, Effect effect) {
        assertThat(rules.on(trigger).at(phase).then(effect).phase()).isEqualTo(phase);
    }

    private void refused(Trigger trigger, Phase phase, Effect effect, String message) {
        assertThatThrownBy(() -> rules.on(trigger).at(phase).then(effect))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

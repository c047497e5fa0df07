package io.dflockd.client.failure;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.ProtocolException;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Trigger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are none, in place of each command's, on a server that has done what was asked: nothing may stay held, and the connection is not used again. */
@Timeout(60)
class BrokenAnswerTest {

    private static final Effect RESET_IN_MID_ANSWER = ReplyEffect.partialReply(2, Effect.reset());
    private static final Effect END_IN_MID_ANSWER = ReplyEffect.partialReply(2, Effect.close());

    static Stream<Arguments> answersToAnything() {
        return Stream.of(
                Arguments.of("garbage", ReplyEffect.garbage()),
                Arguments.of("blank", ReplyEffect.blankLine()),
                Arguments.of("another word", ReplyEffect.reply("HTTP/1.1 400 Bad Request")),
                Arguments.of("two lines", ReplyEffect.duplicateReply()),
                Arguments.of("overlong", ReplyEffect.overlongLine(5000)),
                Arguments.of("endless", ReplyEffect.endlessLine()),
                Arguments.of("no ASCII", ReplyEffect.nonAscii()),
                Arguments.of("reset in mid-answer", RESET_IN_MID_ANSWER),
                Arguments.of("end in mid-answer", END_IN_MID_ANSWER));
    }

    static Stream<Arguments> answersToAcquire() {
        return Stream.concat(
                answersToAnything(),
                Stream.of(
                        Arguments.of("wrong kind", ReplyEffect.wrongReplyKind()),
                        Arguments.of("okay", ReplyEffect.okPrefix()),
                        Arguments.of("no token", ReplyEffect.missingToken()),
                        Arguments.of("short token", ReplyEffect.shortToken()),
                        Arguments.of("token of other letters", ReplyEffect.nonHexToken()),
                        Arguments.of("no lease", ReplyEffect.badLease("")),
                        Arguments.of("lease of letters", ReplyEffect.badLease("x")),
                        Arguments.of("negative lease", ReplyEffect.badLease("-1")),
                        Arguments.of("huge lease", ReplyEffect.badLease("99999999999999999999"))));
    }

    static Stream<Arguments> answersToEnqueue() {
        return answersToAcquire().filter(arguments -> !arguments.get()[0].equals("okay"));
    }

    static Stream<Arguments> answersToRenew() {
        return Stream.concat(
                answersToAnything(),
                Stream.of(
                        Arguments.of("wrong kind", ReplyEffect.wrongReplyKind()),
                        Arguments.of("okay", ReplyEffect.okPrefix()),
                        Arguments.of("no seconds", ReplyEffect.badLease("")),
                        Arguments.of("seconds of letters", ReplyEffect.badLease("x")),
                        Arguments.of("negative seconds", ReplyEffect.badLease("-1")),
                        Arguments.of("huge seconds", ReplyEffect.badLease("99999999999999999999"))));
    }

    static Stream<Arguments> answersToRelease() {
        return Stream.concat(
                answersToAnything(),
                Stream.of(
                        Arguments.of("wrong kind", ReplyEffect.wrongReplyKind()),
                        Arguments.of("okay", ReplyEffect.okPrefix())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToAcquire")
    void broken_answer_to_acquire_leaves_nothing_held(String name, Effect broken) throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle fault = stage.server
                    .on(Trigger.acquire("orders"))
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(broken);
            Throwable thrown = catchThrowable(() -> stage.client.lock("orders").acquire());
            assertBroken(name, thrown, "acquire 'orders'");
            assertDropped(stage, fault);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToEnqueue")
    void broken_answer_to_enqueue_leaves_nothing_held(String name, Effect broken) throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle fault = stage.server
                    .on(Trigger.enqueue("orders"))
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(broken);
            Throwable thrown = catchThrowable(() -> stage.client.lock("orders").enqueue());
            assertBroken(name, thrown, "enqueue 'orders'");
            assertDropped(stage, fault);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToAcquire")
    void broken_answer_to_await_leaves_nothing_held(String name, Effect broken) throws Exception {
        try (Stage stage = Stage.open()) {
            Lease holder = stage.client.lock("orders").acquire();
            Enqueued place = stage.client.lock("orders").enqueue();
            FaultHandle fault = stage.server
                    .on(Trigger.await("orders"))
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(broken);
            assertThat(holder.release()).isTrue();
            Throwable thrown = catchThrowable(() -> place.await(ofSeconds(5)));
            assertBroken(name, thrown, "await 'orders'");
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            assertThat(fault.fired()).isEqualTo(1);
            stage.awaitNothingHeld();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToRenew")
    void broken_answer_to_renew_is_a_lost_connection(String name, Effect broken) throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            FaultHandle fault = stage.server
                    .on(Trigger.renew("orders"))
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(broken);
            assertThat(catchThrowable(lease::renew)).as(name).isInstanceOf(LeaseLostException.class);
            await().until(() -> stage.log.losses().size() == 1);
            assertThat(stage.log.reasons()).containsExactly(LeaseLost.Reason.CONNECTION_LOST);
            assertThat(lease.release()).isFalse();
            assertDropped(stage, fault);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToRelease")
    void broken_answer_to_release_is_an_unknown_outcome_and_leaves_nothing_held(String name, Effect broken)
            throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            FaultHandle fault = stage.server
                    .on(Trigger.release("orders"))
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(broken);
            assertBroken(name, catchThrowable(lease::release), "release 'orders'");
            assertThat(lease.isHeld()).isFalse();
            assertThat(stage.log.losses()).isEmpty();
            assertDropped(stage, fault);
        }
    }

    static List<Effect> strangeButRight() {
        return List.of(
                ReplyEffect.dribble(8, ofMillis(80)),
                ReplyEffect.slice(ofMillis(5), 1, 1, 3),
                ReplyEffect.bandwidth(400),
                ReplyEffect.crlf(),
                ReplyEffect.overlongLine(500));
    }

    @ParameterizedTest
    @MethodSource("strangeButRight")
    void split_answers_and_further_fields_are_answers(Effect strange) throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle fault = stage.server
                    .on(Trigger.anyCommand())
                    .at(AFTER_APPLY_BEFORE_REPLY)
                    .then(strange)
                    .always();
            Lease lease = stage.client.lock("orders").acquire();
            lease.renew();
            Enqueued place = stage.client.lock("orders").enqueue();
            assertThat(lease.release()).isTrue();
            assertThat(place.await(ofSeconds(10)).map(Lease::release)).contains(true);
            assertThat(fault.fired()).isGreaterThan(5);
            stage.awaitNothingHeld();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answersToAnything")
    void broken_answer_to_the_secret_ends_the_attempt(String name, Effect broken) throws Exception {
        FakeOptions options = FakeOptions.defaults().withAuthToken("s3cret");
        try (Stage stage = Stage.open(options, builder -> builder.secret(() -> "s3cret"))) {
            FaultHandle fault =
                    stage.server.on(Trigger.auth()).at(AFTER_APPLY_BEFORE_REPLY).then(broken);
            Throwable thrown = catchThrowable(() -> stage.client.lock("orders").acquire());
            assertBroken(name, thrown, "acquire 'orders'");
            assertDropped(stage, fault);
        }
    }

    private static void assertBroken(String name, Throwable thrown, String what) {
        Class<? extends DflockdException> kind =
                name.endsWith("in mid-answer") ? ConnectionException.class : ProtocolException.class;
        assertThat(thrown).as(name).isInstanceOf(kind).hasMessageContaining(what);
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            assertThat(String.valueOf(each.getMessage())).as("no token").doesNotContainPattern("[0-9a-f]{16}");
        }
    }

    /** The server frees what it gave, and the client goes on with another connection. */
    private static void assertDropped(Stage stage, FaultHandle fault) throws InterruptedException {
        assertThat(fault.fired()).isEqualTo(1);
        stage.awaitNothingHeld();
        stage.assertServes("orders");
        assertThat(stage.runtime.connects()).isEqualTo(2);
    }
}

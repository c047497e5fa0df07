package io.dflockd.client.failure;

import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.ReplyEffect.reply;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.AuthenticationException;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.DflockdException;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.LeaseLostException;
import io.dflockd.client.RejectedException;
import io.dflockd.client.Reply;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ScriptedClient;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Command;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Every status of an error in answer to every command: what is thrown, what is held afterwards, and whether the connection is used again. */
@Timeout(60)
class StatusTest {

    /** After these the server closes the connection, so that the client does it too. */
    private static final Set<String> LAST_WORDS = Set.of("error_auth", "error_draining");

    /** What servers say to an await whose turn is gone. */
    private static final Set<String> TURN_LOST = Set.of("error", "error_not_enqueued", "error_lease_expired");

    @ParameterizedTest
    @EveryStatus
    void acquire_refused_with_any_status_holds_nothing(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.on(Trigger.acquire("orders")).at(BEFORE_APPLY).then(reply(line));
            assertRejected(
                    line, "acquire 'orders'", () -> stage.client.lock("orders").acquire());
            assertServesOn(stage, isUsedAgain(line) ? 1 : 2);

            stage.server.on(Trigger.acquire("gpu")).at(BEFORE_APPLY).then(reply(line));
            assertRejected(line, "acquire slot of 'gpu'", () -> stage.client
                    .semaphore("gpu", 3)
                    .tryAcquire(ofSeconds(1)));
        }
    }

    @ParameterizedTest
    @EveryStatus
    void enqueue_refused_with_any_status_holds_nothing(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            stage.server.on(Trigger.enqueue("orders")).at(BEFORE_APPLY).then(reply(line));
            assertRejected(
                    line, "enqueue 'orders'", () -> stage.client.lock("orders").enqueue());
            boolean placeMayBeThere = word(line).equals("error_already_enqueued");
            assertServesOn(stage, placeMayBeThere || !isUsedAgain(line) ? 2 : 1);
        }
    }

    @ParameterizedTest
    @EveryStatus
    void await_refused_with_any_status_leaves_no_place_behind(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            ScriptedClient holder = holder(stage);
            Enqueued place = stage.client.lock("orders").enqueue();
            stage.server.on(Trigger.await("orders")).at(BEFORE_APPLY).then(reply(line));
            if (TURN_LOST.contains(line)) {
                assertThat(place.await(ofSeconds(5))).as("the turn was lost").isEmpty();
            } else {
                assertRejected(line, "await 'orders'", () -> place.await(ofSeconds(5)));
            }
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
            holder.close();
            stage.awaitNothingHeld();
            stage.assertServes("orders");
        }
    }

    @ParameterizedTest
    @EveryStatus
    void renewal_by_the_holder_refused_with_any_status(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.on(Trigger.renew("orders")).at(BEFORE_APPLY).then(reply(line));
            if (isLoss(line)) {
                assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
                assertLost(stage, line);
                assertThat(lease.release()).isFalse();
                stage.awaitNothingHeld();
            } else {
                assertRejected(line, "renew 'orders'", lease::renew);
                lease.renew();
                assertThat(lease.release()).isTrue();
                assertThat(stage.log.losses()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EveryStatus
    void renewal_in_the_background_refused_once_with_any_status(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            FaultHandle refused =
                    stage.server.on(Trigger.renew("orders")).at(BEFORE_APPLY).then(reply(line));
            Lease lease = stage.runtime.promptly(
                    stage.client.lock("orders").withLease(ofSeconds(20)).withRenewRatio(0.01));
            stage.log.listenTo(lease);
            if (isLoss(line)) {
                assertLost(stage, line);
                stage.awaitNothingHeld();
            } else {
                await().until(() -> refused.fired() == 1);
                int before = stage.server.journal().size();
                await().until(() -> stage.server.journal().size() > before + 1);
                assertThat(stage.log.losses()).isEmpty();
                assertThat(lease.release()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EveryStatus
    void sign_of_life_refused_with_any_status(String line) throws Exception {
        Consumer<DflockdClientBuilder> oftenAlive = builder -> builder.serverReadTimeout(ofMillis(200));
        try (Stage stage = Stage.open(FakeOptions.defaults(), oftenAlive)) {
            ScriptedClient holder = holder(stage);
            FaultHandle refused = stage.server
                    .on(Trigger.renew())
                    .at(BEFORE_APPLY)
                    .then(reply(line))
                    .times(2);
            stage.runtime.freeze(); // so that the lease does not end by a silence that is the slow machine's
            Lease lease = stage.client.lock("other").withoutRenewal().acquire();
            stage.log.listenTo(lease);
            Enqueued place = stage.client.lock("orders").enqueue();
            awaitSignsOfLife(stage);
            assertThat(refused.fired()).isEqualTo(2);
            if (LAST_WORDS.contains(word(line))) {
                await().until(() -> place.status() == Enqueued.Status.LOST);
                assertLost(stage, line);
            } else {
                awaitSignsOfLife(stage);
                assertThat(place.status()).isEqualTo(Enqueued.Status.QUEUED);
                assertThat(lease.release()).isTrue();
                place.close();
            }
            holder.close();
            stage.awaitNothingHeld();
        }
    }

    @ParameterizedTest
    @EveryStatus
    void confirmation_of_a_grant_refused_with_any_status_but_error_holds_nothing(String line) throws Exception {
        if (line.equals("error")) {
            return; // AcquireRulesTest.rule_02_worthless_grant_is_dropped_and_the_acquire_goes_on
        }
        try (Stage stage = Stage.open()) {
            Enqueued place = stage.client.lock("orders").enqueue();
            Lease holder = place.await(ofSeconds(1)).orElseThrow();
            Enqueued next = stage.client.lock("orders").enqueue();
            assertThat(holder.release()).isTrue();
            stage.server.on(Trigger.renew("orders")).at(BEFORE_APPLY).then(reply(line));
            if (TURN_LOST.contains(line)) {
                assertThat(next.await(ofSeconds(5))).isEmpty();
            } else {
                assertRejected(line, "await 'orders'", () -> next.await(ofSeconds(5)));
            }
            stage.awaitNothingHeld();
            stage.assertServes("orders");
        }
    }

    @ParameterizedTest
    @EveryStatus
    void release_refused_with_any_status_is_no_release_and_leaves_nothing_held(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            if (line.equals("error")) {
                stage.server.expireLease("orders"); // else no server says so
            }
            stage.server.on(Trigger.release("orders")).at(BEFORE_APPLY).then(reply(line));
            assertThat(lease.release()).isFalse();
            assertThat(lease.isHeld()).isFalse();
            stage.awaitNothingHeld();
            assertServesOn(stage, line.equals("error") ? 1 : 2);
            assertThat(stage.log.losses()).as("it was given up").isEmpty();
        }
    }

    @ParameterizedTest
    @EveryStatus
    void secret_refused_with_any_status(String line) throws Exception {
        FakeOptions options = FakeOptions.defaults().withAuthToken("s3cret");
        try (Stage stage = Stage.open(options, builder -> builder.secret(() -> "s3cret"))) {
            stage.server.on(Trigger.auth()).at(BEFORE_APPLY).then(reply(line));
            // Plain `error` is what a server without a secret says; this one has one, and then wants it.
            String seen = line.equals("error") ? "error_auth" : line;
            assertRejected(
                    seen, "acquire 'orders'", () -> stage.client.lock("orders").acquire());
            assertServesOn(stage, 2);
        }
    }

    @ParameterizedTest
    @EveryStatus
    void low_level_shows_any_status_and_is_usable_unless_the_server_closes(String line) throws Exception {
        try (Stage stage = Stage.open()) {
            String detail = word(line).equals("error_not_leader")
                    ? line.substring(word(line).length() + 1)
                    : "";
            Reply refused = new Reply.Refused(word(line), detail);
            List<LowLevel> commands = List.of(
                    connection -> connection.acquire("k", 0),
                    connection -> connection.enqueue("k"),
                    connection -> connection.await("k", 0),
                    connection -> connection.renew("k", "00000000000000000000000000000000", 5),
                    connection -> connection.release("k", "00000000000000000000000000000000"),
                    connection -> connection.authenticate("s3cret"));
            for (LowLevel command : commands) {
                try (DflockdConnection connection = DflockdConnection.connect(stage.server.address())) {
                    stage.server.on(Trigger.anyCommand()).at(BEFORE_APPLY).then(reply(line));
                    assertThat(command.ask(connection)).isEqualTo(refused);
                    assertThat(connection.isUsable()).isEqualTo(!LAST_WORDS.contains(word(line)));
                }
            }
            try (DflockdConnection connection = DflockdConnection.connect(stage.server.address())) {
                stage.server.on(Trigger.stats()).at(BEFORE_APPLY).then(reply(line));
                assertRejected(line, "stats", connection::stats);
            }
        }
    }

    private interface LowLevel {
        Reply ask(DflockdConnection connection) throws InterruptedException;
    }

    /** After plain `error` a V0 server closes the connection. */
    private static boolean isUsedAgain(String line) {
        return !line.equals("error") && !LAST_WORDS.contains(word(line));
    }

    private static boolean isLoss(String line) {
        return line.equals("error") || LAST_WORDS.contains(word(line));
    }

    private static void assertLost(Stage stage, String line) {
        await().until(() -> stage.log.losses().size() == 1);
        assertThat(stage.log.reasons())
                .containsExactly(line.equals("error") ? LeaseLost.Reason.REFUSED : LeaseLost.Reason.CONNECTION_LOST);
    }

    private static void assertRejected(String line, String what, ThrowingCallable call) {
        DflockdException thrown = catchThrowableOfType(DflockdException.class, call);
        assertThat(thrown).as(line).isNotNull().hasMessageContaining(what).hasMessageContaining("127.0.0.1:");
        if (word(line).equals("error_auth")) {
            assertThat(thrown).isInstanceOf(AuthenticationException.class);
        } else {
            assertThat(thrown).isInstanceOfSatisfying(RejectedException.class, e -> assertThat(e.status())
                    .isEqualTo(word(line)));
        }
    }

    /** The client works, and so many connections have been made since the beginning. */
    private static void assertServesOn(Stage stage, int connections) throws InterruptedException {
        stage.awaitNothingHeld();
        stage.assertServes("orders");
        assertThat(stage.runtime.connects()).isEqualTo(connections);
    }

    /** Lets so much time pass that the lease and the place owe one each. */
    private static void awaitSignsOfLife(Stage stage) {
        long before = renewals(stage);
        stage.runtime.jump(ofMillis(100));
        await().until(() -> renewals(stage) == before + 2);
    }

    private static long renewals(Stage stage) {
        return stage.server.journal().requests().stream()
                .filter(request -> request.command() instanceof Command.Renew)
                .count();
    }

    private static ScriptedClient holder(Stage stage) {
        ScriptedClient holder = stage.server.scriptedClient();
        holder.ask("l", "orders", "0 600");
        return holder;
    }

    private static String word(String line) {
        int end = line.indexOf(' ');
        return end < 0 ? line : line.substring(0, end);
    }
}

package io.dflockd.client.failure;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dflockd.client.AuthenticationException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import io.dflockd.client.Reply;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Trigger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server with a secret and a client that does not know it, and texts in which neither secret nor token may stand. */
@Timeout(60)
class SecretFailureTest {

    private static final String SECRET = "s3cret-unlikely";
    private static final FakeOptions GUARDED = FakeOptions.defaults().withAuthToken(SECRET);

    @Test
    void wrong_secret_is_an_authentication_exception_each_time() throws Exception {
        try (Stage stage = Stage.open(GUARDED, builder -> builder.secret(() -> "wrong"))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> stage.client.lock("orders").acquire())
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("acquire 'orders'")
                        .hasMessageContaining("refused the secret");
                assertThatThrownBy(() -> stage.client.lock("orders").enqueue())
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("enqueue 'orders'");
            }
            stage.awaitNothingHeld();
        }
    }

    @Test
    void missing_secret_is_an_authentication_exception_each_time() throws Exception {
        try (Stage stage = Stage.open(GUARDED)) {
            for (int i = 0; i < 3; i++) { // at once again, while the server still keeps the connection for a moment
                assertThatThrownBy(() -> stage.client.lock("orders").acquire())
                        .isInstanceOf(AuthenticationException.class)
                        .hasMessageContaining("wants a secret");
                assertThatThrownBy(() -> stage.client.lock("orders").enqueue())
                        .isInstanceOf(AuthenticationException.class);
            }
            stage.awaitNothingHeld();
        }
    }

    @Test
    void rotated_secret_is_asked_for_anew_and_held_leases_do_not_notice() throws Exception {
        AtomicReference<String> current = new AtomicReference<>(SECRET);
        try (Stage stage = Stage.open(GUARDED, builder -> builder.secret(current::get))) {
            Lease lease = stage.client.lock("orders").withLease(ofSeconds(60)).acquire();
            stage.log.listenTo(lease);
            stage.server.limits().authToken("another-one");

            assertThatThrownBy(() -> stage.client.lock("other").acquire()).isInstanceOf(AuthenticationException.class);
            lease.renew();
            current.set("another-one");
            stage.assertServes("other");

            assertThat(lease.release()).isTrue();
            assertThat(stage.log.losses()).isEmpty();
        }
    }

    @Test
    void neither_secret_nor_token_is_in_any_exception() throws Exception {
        for (Effect effect : List.of(
                Effect.reset(),
                Effect.close(),
                Effect.stall(),
                ReplyEffect.garbage(),
                ReplyEffect.duplicateReply(),
                ReplyEffect.wrongReplyKind(),
                ReplyEffect.badLease("x"),
                ReplyEffect.shortToken(),
                ReplyEffect.partialReply(20, Effect.close()),
                ReplyEffect.notLeader("10.0.0.1:6388"),
                ReplyEffect.reply("error"))) {
            for (Trigger command :
                    List.of(Trigger.auth(), Trigger.acquire(), Trigger.enqueue(), Trigger.renew(), Trigger.release())) {
                try (Stage stage = Stage.open(GUARDED, SecretFailureTest::impatient)) {
                    Lease lease = stage.runtime.promptly(stage.client.lock("held"));
                    stage.server.on(command).at(AFTER_APPLY_BEFORE_REPLY).then(effect);
                    List<ThrowingCallable> calls = List.of(
                            lease::renew,
                            lease::release,
                            () -> stage.client.lock("orders").acquire().close(),
                            () -> stage.client.lock("orders").enqueue().close());
                    for (ThrowingCallable call : calls) {
                        assertKeepsSilent(text(catchThrowable(call)), lease.token());
                    }
                }
            }
        }
    }

    @Test
    void neither_secret_nor_token_is_in_any_text_of_an_object() throws Exception {
        try (Stage stage = Stage.open(GUARDED, builder -> builder.secret(() -> SECRET))) {
            Lease lease = stage.client.lock("orders").acquire();
            Enqueued queued = stage.client.lock("orders").enqueue();
            Enqueued acquired = stage.client.lock("other").enqueue();
            List<Object> seen = new ArrayList<>(List.of(
                    stage.client,
                    DflockdClient.builder().secret(() -> SECRET),
                    stage.client.lock("orders"),
                    stage.client.semaphore("gpu", 2),
                    lease,
                    queued,
                    acquired));
            try (DflockdConnection low = DflockdConnection.connect(stage.server.address())) {
                seen.add(low);
                seen.add(low.authenticate(SECRET));
                seen.add(low.authenticate(SECRET));
                Reply.Granted granted = (Reply.Granted) low.acquire("low", 0);
                seen.add(granted);
                seen.add(low.enqueueSlot("slot", 2));
                seen.add(low.renew("low", granted.token(), 5));
                assertKeepsSilent(seen.toString(), lease.token());
                assertKeepsSilent(seen.toString(), granted.token());
            }
            assertThat(lease.release()).isTrue();
            assertKeepsSilent(lease.toString(), lease.token());
        }
    }

    private static void impatient(DflockdClientBuilder builder) {
        builder.secret(() -> SECRET)
                .connectTimeout(ofMillis(300))
                .responseTimeout(ofMillis(300))
                .acquireTimeout(ofMillis(300));
    }

    /** With all that a log would show: causes, suppressed ones, frames. */
    private static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(text));
        }
        return text.toString();
    }

    private static void assertKeepsSilent(String text, String token) {
        assertThat(text).doesNotContain(SECRET, token).doesNotContainPattern("[0-9a-f]{32}");
    }
}

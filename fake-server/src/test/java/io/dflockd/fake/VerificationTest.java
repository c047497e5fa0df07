package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.StateEffect.UNSAFE_doubleGrant;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.journal.ServerState;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The ready assertions: each holds, each can fail, and says why. */
class VerificationTest extends JournalStage {

    @Test
    void a_key_handed_on_by_release_expiry_end_and_theft_is_never_held_twice() throws IOException {
        List<EngineEvent> events = new ArrayList<>();
        server = start(FakeOptions.defaults().withManualClock().withEvents(events::add));
        RawClient client = client();
        client.ask("r", "orders", client.token("orders"));
        client.token("orders");
        server.expireLease("orders");
        RawClient leaving = client();
        leaving.token("orders");
        server.kick(2);
        client.token("orders");
        server.steal("orders");
        server.clock().advance(ofSeconds(60));
        client.token("orders");
        server.restart(Restart.LOSE_STATE);
        client().token("orders");

        server.verify().neverHeldTwice("orders").neverHeldTwice("unknown");
        assertThat(events).as("the user's own sink").hasSizeGreaterThan(10);
    }

    @Test
    void two_holders_at_once_are_found_though_both_are_gone() throws IOException {
        RawClient first = client();
        String token = first.token("orders");
        server.on(acquire("orders")).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());
        server.clock().advance(ofSeconds(1));
        RawClient second = client();
        String other = second.token("orders");
        first.ask("r", "orders", token);
        second.ask("r", "orders", other);
        client().token("others");

        server.verify().neverHeldTwice("others");
        assertThatThrownBy(() -> server.verify().neverHeldTwice("orders"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("""
                        expected: at most 1 holder of orders at any time
                        found: one more with token %s, granted to conn=2 at 1000000000 ns while others held it:
                          Held[key=orders, token=%s, connection=1, limit=1, deadline=33000000000]
                        nearest events of orders:
                          Granted[at=0, conn=1, key=orders, token=%s,""".formatted(other, token, token))
                .hasMessageContaining("nearest requests for orders:\n  #1 conn=1 l orders -> granted reply ok " + token)
                .hasMessageContaining("[BEFORE_APPLY DoubleGrant] reply ok " + other)
                .hasMessageNotContaining("others,");
    }

    @Test
    void a_double_enqueue_is_found_too_and_a_semaphore_has_as_many_as_its_limit() throws IOException {
        client().ask("sl", "pool", "0 2");
        client().ask("sl", "pool", "0 2");
        server.verify().neverHeldTwice("pool");
        server.on(enqueue("pool")).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());
        client().ask("se", "pool", "2");

        fails(() -> server.verify().neverHeldTwice("pool"), "at most 2 holders of pool at any time");
        assertThat(server.state().held()).hasSize(3);
    }

    @Test
    void the_first_violation_is_remembered_when_its_events_are_gone() throws IOException {
        server = start(FakeOptions.defaults().withJournalSize(3));
        client().token("orders");
        server.on(acquire("orders")).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());
        client().token("orders");
        for (int i = 0; i < 5; i++) {
            client().token("key-" + i);
        }

        fails(
                () -> server.verify().neverHeldTwice("orders"),
                "granted to conn=2",
                "nearest events of orders (11 older ones of all were dropped; FakeOptions.withJournalSize keeps more): none");
    }

    @Test
    void a_lock_and_a_semaphore_of_one_name_do_not_disturb_each_other_on_v2() throws IOException {
        server = start(FakeOptions.defaults().withProfile(Profile.V2));
        client().token("a");
        client().ask("sl", "a", "0 2");
        client().ask("sl", "a", "0 2");

        server.verify().neverHeldTwice("a");
    }

    @Test
    void the_order_of_grants() throws IOException {
        RawClient client = client();
        String first = client.token("orders");
        client.ask("r", "orders", first);
        String between = client.token("orders");
        client.ask("r", "orders", between);
        String last = client.token("orders");

        server.verify().grantedInOrder("orders", first, between, last).grantedInOrder("orders", first, last);
        fails(
                () -> server.verify().grantedInOrder("orders", last, first),
                "expected: grants of orders in the order " + last + ", " + first,
                "found: " + first + " was granted too early; in order:\n  " + first + "\n  " + between + "\n  " + last);
        fails(() -> server.verify().grantedInOrder("orders", first, first), first + " was granted too early");
        fails(() -> server.verify().grantedInOrder("others", first), first + " was not granted");
        assertThatThrownBy(() -> server.verify().grantedInOrder("orders")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void released_means_by_a_release_every_time() throws IOException {
        RawClient client = client();
        String token = client.token("orders");
        fails(() -> server.verify().released("orders"), "found: it is held:\n  Held[key=orders, token=" + token);
        client.ask("r", "orders", token);
        server.verify().released("orders");

        client.token("orders");
        server.expireLease("orders");

        fails(
                () -> server.verify().released("orders"),
                "expected: every lease of orders ended by a release\nfound: Expired[at=0, key=orders,",
                "nearest requests for orders:\n  #1 ");
        fails(() -> server.verify().released("order"), "no grant of it; look at the key's name");
    }

    @Test
    void a_lost_connection_and_a_lost_state_are_no_release() throws IOException {
        server.on(acquire("a")).at(AFTER_APPLY_BEFORE_REPLY).then(close());
        RawClient client = client();
        client.send("l", "a", "0");
        assertThat(client.end()).isEqualTo(RawClient.END);
        client().token("b");
        server.restart(Restart.LOSE_STATE);

        fails(() -> server.verify().released("a"), "found: Revoked[at=0, conn=1, key=a,", "cause=disconnect]");
        fails(() -> server.verify().released("b"), "found: the server has lost its state, and Held[key=b, ");
    }

    @Test
    void leaks_are_holders_and_waiters_but_not_idle_connections() throws IOException {
        RawClient client = client();
        RawClient waiter = client();
        client();
        server.verify().noLeaks();
        String token = client.token("orders");
        waiter.ask("e", "orders", "");

        ServerState state = server.state();
        assertThat(state.held())
                .containsExactly(new ServerState.Held(
                        Key.of("orders"), token, 1, 1, ofSeconds(33).toNanos()));
        assertThat(state.queued()).containsExactly(new ServerState.Queued(Key.of("orders"), 2, 1));
        assertThat(state.busyConnections()).containsExactly(1L, 2L);
        fails(
                () -> server.verify().noLeaks(),
                "expected: nobody holds and nobody waits\nfound: 1 held and 1 queued:\n  Held[key=orders, ",
                "\n  Queued[key=orders, connection=2, place=1]",
                "nearest events:",
                "nearest requests:\n  #1 ");

        client.ask("r", "orders", token);
        fails(() -> server.verify().noLeaks(), "found: 1 held and 0 queued");
        waiter.ask("r", "orders", waiter.ask("w", "orders", "0").substring(3, 35));
        server.verify().noLeaks();
        assertThat(server.state().connections()).hasSize(3);
        assertThat(server.state().busyConnections()).isEmpty();
    }

    @Test
    void deadlines_in_the_state_follow_renewals_and_time_outs_leave_no_place() throws IOException {
        RawClient client = client();
        String token = client.token("orders");
        client.ask("n", "orders", token + " 60");
        RawClient waiter = client();
        waiter.send("l", "orders", "5");
        server.journal().await(request -> request.number() == 3, 1, ofSeconds(5));
        assertThat(server.state().held().get(0).deadline())
                .isEqualTo(ofSeconds(60).toNanos());
        assertThat(server.state().queued()).hasSize(1);

        server.clock().advance(ofSeconds(5));
        assertThat(server.state().queued()).isEmpty();
        server.clock().advance(ofSeconds(60));
        server.verify().noLeaks();
    }

    @Test
    void what_outlives_its_connection_is_a_leak_of_nobody_who_is_there() throws IOException {
        server = start(FakeOptions.defaults().withAutoReleaseOnDisconnect(false));
        client().token("orders");
        server.kick(1);

        assertThat(server.state().held()).hasSize(1);
        assertThat(server.state().busyConnections()).isEmpty();
        fails(() -> server.verify().noLeaks(), "found: 1 held and 0 queued");
    }

    @Test
    void a_reset_forgets_everything() throws IOException {
        client().token("orders");
        server.on(acquire("orders")).at(BEFORE_APPLY).then(UNSAFE_doubleGrant());
        client().token("orders");

        server.reset();

        server.verify().neverHeldTwice("orders").noLeaks();
        assertThat(server.state().connections()).isEmpty();
        assertThatCode(() -> server.verify().released("orders")).hasMessageContaining("nearest events of orders: none");
    }

    private static void fails(ThrowingCallable assertion, String... parts) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
    }
}

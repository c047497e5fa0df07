package io.dflockd.fake.engine;

import static io.dflockd.fake.engine.EngineProbe.acquire;
import static io.dflockd.fake.engine.EngineProbe.await;
import static io.dflockd.fake.engine.EngineProbe.enqueue;
import static io.dflockd.fake.engine.EngineProbe.granted;
import static io.dflockd.fake.engine.EngineProbe.release;
import static io.dflockd.fake.engine.EngineProbe.renew;
import static io.dflockd.fake.engine.EngineProbe.semaphore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import org.junit.jupiter.api.Test;

/** Rules of PROTOCOL.md section 2 that the transcripts leave open, or that need exact time. */
class LockEngineTest {

    private static final Reply QUEUED = new Reply.Queued();
    private static final Reply DONE = new Reply.Done();
    private static final Reply TIMED_OUT = new Reply.TimedOut();

    private final EngineProbe probe = new EngineProbe();

    @Test
    void a_quiet_engine_has_no_deadline() {
        assertThat(probe.engine.nextDeadline()).isEmpty();

        probe.ask(1, acquire("k", 0, 5));
        assertThat(probe.engine.nextDeadline()).hasValue(5 * EngineProbe.SECOND);

        probe.ask(1, release("k", "t1"));
        assertThat(probe.engine.nextDeadline())
                .as("the clean-up of the idle key")
                .hasValue(65 * EngineProbe.SECOND);

        probe.at(65);
        assertThat(probe.engine.nextDeadline()).isEmpty();
    }

    @Test
    void a_lease_is_over_at_its_deadline_and_swept_at_the_next_second() {
        probe.at(0.5);
        probe.ask(1, acquire("k", 0, 1));
        assertThat(probe.send(2, acquire("k", 9, 5))).isEmpty();

        assertThat(probe.at(1.999)).isEmpty();
        assertThat(probe.at(2)).containsExactly(new Delivery(2, granted("t2", 5)));
    }

    @Test
    void at_its_deadline_exactly_a_lease_is_over() {
        probe.at(0.5);
        probe.ask(1, acquire("k", 0, 1));

        probe.at(1.5);

        assertThat(probe.ask(2, acquire("k", 0, 5))).isEqualTo(granted("t2", 5));
    }

    @Test
    void a_waiter_times_out_at_its_deadline_and_not_before() {
        probe.ask(1, acquire("k", 0, 30));
        assertThat(probe.send(2, acquire("k", 3, 5))).isEmpty();

        assertThat(probe.at(2.999)).isEmpty();
        assertThat(probe.at(3)).containsExactly(new Delivery(2, TIMED_OUT));
    }

    @Test
    void advancing_far_delivers_everything_at_its_own_instant() {
        probe.ask(1, acquire("k", 0, 1));
        probe.send(2, acquire("k", 9, 1));
        probe.send(3, acquire("k", 9, 1));
        probe.events.clear();

        assertThat(probe.at(100)).containsExactly(new Delivery(2, granted("t2", 1)), new Delivery(3, granted("t3", 1)));
        assertThat(probe.events.stream().filter(EngineEvent.Granted.class::isInstance))
                .extracting(EngineEvent::at)
                .containsExactly(EngineProbe.SECOND, 2 * EngineProbe.SECOND);
    }

    @Test
    void an_await_after_the_lease_is_over_says_so_and_uses_the_entry_up() {
        probe.at(0.5);
        probe.ask(1, enqueue("k", 1));

        probe.at(1.5);

        assertThat(probe.ask(1, await("k", 0))).isEqualTo(refused(Status.LEASE_EXPIRED));
        assertThat(probe.ask(1, await("k", 0))).isEqualTo(refused(Status.NOT_ENQUEUED));
        assertThat(probe.ask(1, release("k", "t1"))).as("not swept yet").isEqualTo(DONE);
    }

    @Test
    void an_await_after_the_sweep_knows_no_entry() {
        probe.ask(1, enqueue("k", 1));

        probe.at(1);

        assertThat(probe.ask(1, await("k", 0))).isEqualTo(refused(Status.NOT_ENQUEUED));
        assertThat(probe.ask(1, enqueue("k", 1))).isEqualTo(new Reply.Acquired("t2", 1));
    }

    @Test
    void a_refused_renew_ends_the_entry_of_the_lease() {
        probe.at(0.5);
        probe.ask(1, enqueue("k", 1));
        probe.at(1.5);

        assertThat(probe.ask(2, renew("k", "t1", 5))).isEqualTo(refused(Status.ERROR));

        assertThat(probe.ask(1, await("k", 0))).isEqualTo(refused(Status.NOT_ENQUEUED));
    }

    @Test
    void a_renew_that_shortens_brings_the_sweep_forward() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 9, 5));

        probe.ask(1, renew("k", "t1", 2));

        assertThat(probe.at(2)).containsExactly(new Delivery(2, granted("t2", 5)));
    }

    @Test
    void the_longest_lease_never_ends() {
        EngineProbe late = new EngineProbe();
        late.at(9_000_000_000.0);

        late.ask(1, acquire("k", 0, 9_223_372_036L));

        assertThat(late.engine.nextDeadline()).isEmpty();
        assertThat(late.ask(1, release("k", "t1"))).isEqualTo(DONE);
    }

    @Test
    void one_slot_of_a_semaphore_expires_alone() {
        probe.at(0.5);
        probe.ask(1, semaphore("s", 0, 2, 1));
        probe.ask(2, semaphore("s", 0, 2, 5));
        probe.send(3, semaphore("s", 9, 2, 7));

        assertThat(probe.at(2)).containsExactly(new Delivery(3, granted("t3", 7)));
        assertThat(probe.ask(2, renew("s", "t2", 5))).isEqualTo(new Reply.Renewed(5));
    }

    @Test
    void an_acquire_that_finds_an_expired_lease_serves_the_queue_first() {
        probe.at(0.5);
        probe.ask(1, acquire("k", 0, 1));
        probe.send(2, acquire("k", 9, 5));
        probe.at(1.7);

        assertThat(probe.send(3, acquire("k", 0, 5)))
                .containsExactly(new Delivery(2, granted("t2", 5)), new Delivery(3, TIMED_OUT));
    }

    @Test
    void a_disconnect_leaves_all_queues_before_slots_are_handed_on() {
        probe.ask(1, acquire("k", 0, 30));
        probe.ask(1, enqueue("k", 30));
        probe.send(2, acquire("k", 9, 5));

        assertThat(probe.disconnect(1)).containsExactly(new Delivery(2, granted("t2", 5)));
    }

    @Test
    void a_disconnect_drops_a_command_that_blocks() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 9, 5));

        assertThat(probe.disconnect(2)).isEmpty();

        assertThat(probe.ask(1, release("k", "t1"))).isEqualTo(DONE);
        assertThat(probe.ask(3, acquire("k", 0, 5))).isEqualTo(granted("t2", 5));
    }

    @Test
    void without_auto_release_a_disconnect_frees_nothing() {
        EngineOptions keeping = new EngineOptions(0, 33, EngineProbe.SECOND, 5, 60, 1024, 0, false);
        EngineProbe kept = new EngineProbe(keeping);
        kept.ask(1, acquire("k", 0, 30));

        assertThat(kept.disconnect(1)).isEmpty();

        assertThat(kept.ask(2, acquire("k", 0, 5))).isEqualTo(TIMED_OUT);
        assertThat(kept.ask(2, release("k", "t1"))).isEqualTo(DONE);
    }

    @Test
    void a_forced_expiry_ends_all_leases_of_the_key_and_hands_it_on() {
        probe.ask(1, acquire("k", 0, 30));
        probe.ask(2, acquire("other", 0, 30));
        probe.send(3, acquire("k", 9, 5));
        probe.events.clear();

        assertThat(probe.expire("k")).containsExactly(new Delivery(3, granted("t3", 5)));

        assertThat(probe.events.get(0))
                .isInstanceOfSatisfying(EngineEvent.Expired.class, expired -> assertThat(expired.forced())
                        .isTrue());
        assertThat(probe.ask(1, release("k", "t1"))).isEqualTo(refused(Status.ERROR));
        assertThat(probe.ask(2, release("other", "t2"))).isEqualTo(DONE);
    }

    @Test
    void a_forced_expiry_of_a_free_or_unknown_key_does_nothing() {
        probe.ask(1, acquire("k", 0, 30));
        probe.ask(1, release("k", "t1"));

        assertThat(probe.expire("k")).isEmpty();
        assertThat(probe.expire("unknown")).isEmpty();

        probe.at(65);
        assertThat(probe.engine.nextDeadline()).isEmpty();
    }

    @Test
    void a_key_counts_until_it_was_idle_for_longer_than_the_time() {
        EngineOptions small = new EngineOptions(
                0, 33, EngineProbe.SECOND, 5 * EngineProbe.SECOND, 10 * EngineProbe.SECOND, 1, 0, true);
        EngineProbe one = new EngineProbe(small);
        one.ask(1, acquire("k", 0, 30));
        one.ask(1, release("k", "t1"));

        one.at(10);
        assertThat(one.ask(1, acquire("x", 0, 5))).as("idle for 10 s exactly").isEqualTo(refused(Status.MAX_LOCKS));
        one.at(15);
        assertThat(one.ask(1, acquire("x", 0, 5))).isEqualTo(granted("t2", 5));
    }

    @Test
    void connections_that_do_not_exist_or_wait_are_the_callers_mistake() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 9, 5));

        assertThatThrownBy(() -> probe.send(2, await("k", 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connection 2 waits");
        assertThatThrownBy(() -> probe.send(9, await("k", 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no connection 9");
        assertThatThrownBy(() -> probe.engine.connect(1, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("connection 1 exists");
    }

    @Test
    void a_malformed_request_is_an_error_and_changes_nothing() {
        assertThat(probe.ask(1, new Command.Malformed("x"))).isEqualTo(refused(Status.ERROR));
        assertThat(probe.ask(1, enqueue("k", 5))).isEqualTo(new Reply.Acquired("t1", 5));
        assertThat(probe.ask(2, enqueue("k", 5))).isEqualTo(QUEUED);
    }

    private static Reply refused(Status status) {
        return new Reply.Refused(status);
    }
}

package io.dflockd.fake.engine;

import static io.dflockd.fake.engine.EngineProbe.SECOND;
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
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Changes behind the clients' backs. */
class ForcedChangesTest {

    private static final Key KEY = Key.of("k");
    private static final Reply ERROR = new Reply.Refused(Status.ERROR);

    private final EngineProbe probe = new EngineProbe();
    private final ForcedChanges force = probe.engine.force();

    @Test
    void a_shortened_lease_ends_earlier_and_says_so() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 60, 5));
        probe.events.clear();

        assertThat(force.shorten(KEY, 3 * SECOND, 0)).isEmpty();

        assertThat(probe.events).containsExactly(new EngineEvent.Renewed(0, 1, KEY, "t1", 3 * SECOND));
        assertThat(probe.at(2.9)).isEmpty();
        assertThat(probe.at(3)).containsExactly(new Delivery(2, granted("t2", 5)));
    }

    @Test
    void a_lease_that_ends_earlier_anyway_is_left_alone() {
        probe.ask(1, acquire("k", 0, 3));
        probe.events.clear();

        force.shorten(KEY, 3 * SECOND, 0);
        force.shorten(Key.of("unknown"), 1, 0);

        assertThat(probe.events).isEmpty();
    }

    @Test
    void a_stolen_key_is_nobodys_and_those_who_wait_wait_on() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 60, 5));
        probe.events.clear();

        assertThat(force.steal(KEY, 0)).isEqualTo("t2");

        assertThat(probe.events.get(0)).isEqualTo(new EngineEvent.Revoked(0, 1, KEY, "t1", "stolen"));
        assertThat(probe.ask(1, renew("k", "t1", 9))).isEqualTo(ERROR);
        assertThat(probe.ask(1, release("k", "t1"))).isEqualTo(ERROR);
        assertThat(probe.at(32.9)).isEmpty();
        assertThat(probe.at(33)).containsExactly(new Delivery(2, granted("t3", 5)));
    }

    @Test
    void the_thief_s_token_releases() {
        String token = force.steal(KEY, 0);
        assertThat(probe.ask(1, acquire("k", 0, 5))).isEqualTo(new Reply.TimedOut());

        assertThat(probe.ask(1, release("k", token))).isEqualTo(new Reply.Done());

        assertThat(probe.ask(1, acquire("k", 0, 5))).isEqualTo(granted("t2", 5));
    }

    @Test
    void a_stolen_slot_of_a_semaphore_leaves_the_others_to_those_who_wait() {
        probe.ask(1, semaphore("k", 0, 2, 30));
        probe.ask(2, semaphore("k", 0, 2, 30));
        probe.send(3, semaphore("k", 60, 2, 5));
        probe.send(4, semaphore("k", 60, 2, 5));

        assertThat(force.steal(KEY, 0)).isEqualTo("t3");

        assertThat(probe.engine.takeDeliveries()).containsExactly(new Delivery(3, granted("t4", 5)));
    }

    @Test
    void on_v2_the_lock_and_the_semaphore_of_a_key_are_stolen() {
        EngineProbe v2 = new EngineProbe(options(Profile.V2));
        v2.ask(1, new Command.Acquire(Family.LOCK, KEY, 0, 1, OptionalLong.of(30)));
        v2.ask(1, semaphore("k", 0, 1, 30));

        assertThat(v2.engine.force().steal(KEY, 0)).isEqualTo("t3");

        assertThat(v2.ask(1, renew("k", "t1", 9))).isEqualTo(ERROR);
        assertThat(v2.ask(1, renew("k", "t3", 9))).isEqualTo(new Reply.Renewed(9));
        assertThat(v2.ask(1, semaphore("k", 0, 1, 30))).isEqualTo(new Reply.TimedOut());
    }

    @Test
    void a_double_grant_looks_at_no_holder() {
        probe.ask(1, acquire("k", 0, 30));

        assertThat(force.grantAnyway(2, acquire("k", 0, 5), 0)).containsExactly(new Delivery(2, granted("t2", 5)));
        assertThat(force.grantAnyway(3, withoutLease(), 0)).containsExactly(new Delivery(3, granted("t3", 33)));
        assertThat(force.grantAnyway(4, enqueue("k", 5), 0))
                .containsExactly(new Delivery(4, new Reply.Acquired("t4", 5)));

        assertThat(probe.ask(4, await("k", 0))).isEqualTo(granted("t4", 5));
        assertThat(probe.ask(1, renew("k", "t1", 9))).isEqualTo(new Reply.Renewed(9));
    }

    private static Command withoutLease() {
        return new Command.Acquire(Family.LOCK, KEY, 0, 1, OptionalLong.empty());
    }

    @Test
    void a_double_grant_does_nothing_where_the_request_is_refused() {
        probe.ask(1, acquire("k", 0, 30));
        probe.ask(2, enqueue("k", 5));
        Command otherLimit = new Command.Enqueue(Family.SEMAPHORE, KEY, 2, OptionalLong.empty());

        assertThat(force.grantAnyway(1, semaphore("k", 0, 2, 5), 0)).isEmpty();
        assertThat(force.grantAnyway(2, enqueue("k", 5), 0)).isEmpty();
        assertThat(force.grantAnyway(3, otherLimit, 0)).isEmpty();
        assertThatThrownBy(() -> force.grantAnyway(1, new Command.Stats(), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing to grant");
    }

    @Test
    void the_head_of_the_queue_goes_to_its_end() {
        probe.ask(1, acquire("k", 0, 30));
        force.skipHead(KEY);
        force.skipHead(Key.of("unknown"));
        probe.send(2, acquire("k", 60, 5));
        probe.send(3, acquire("k", 60, 5));

        force.skipHead(KEY);

        List<Delivery> deliveries = probe.send(1, release("k", "t1"));
        assertThat(deliveries).contains(new Delivery(3, granted("t2", 5))).hasSize(2);
    }

    @Test
    void what_is_kept_after_the_end_is_not_cleaned_up() {
        probe.ask(1, acquire("k", 0, 30));
        probe.send(2, acquire("k", 60, 5));
        force.keepAfterEnd(1);
        force.keepAfterEnd(2);

        assertThat(probe.disconnect(1)).isEmpty();
        assertThat(probe.disconnect(2)).isEmpty();

        assertThat(probe.ask(3, enqueue("k", 5))).isEqualTo(new Reply.Queued());
        assertThat(probe.at(30)).as("the turn of one that is gone").containsExactly(new Delivery(2, granted("t2", 5)));
        assertThat(probe.at(35)).isEmpty();
        assertThat(probe.ask(3, await("k", 0))).isEqualTo(granted("t3", 5));
    }

    @Test
    void sweeps_that_go_on_find_what_was_over_and_leave_idle_keys_alone() {
        probe.ask(1, acquire("idle", 0, 5));
        probe.ask(1, release("idle", "t1"));
        probe.ask(1, acquire("k", 0, 5));
        probe.send(2, acquire("k", 60, 5));
        force.pauseSweeps();
        assertThat(probe.at(9)).isEmpty();

        assertThat(force.resumeSweeps(9 * SECOND)).containsExactly(new Delivery(2, granted("t3", 5)));
    }

    @Test
    void an_abandoned_connection_leaves_its_queues_and_keeps_its_slots() {
        probe.ask(1, acquire("k", 0, 30));
        probe.ask(2, acquire("other", 0, 30));
        probe.ask(2, enqueue("k", 5));
        probe.events.clear();

        assertThat(probe.engine.abandon(2, 0)).isEmpty();

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Disconnected(0, 2), new EngineEvent.Dropped(0, 2, KEY, 1, "disconnect"));
        assertThat(probe.ask(3, acquire("other", 0, 5))).isEqualTo(new Reply.TimedOut());
        assertThat(probe.ask(3, release("other", "t2"))).isEqualTo(new Reply.Done());
        assertThatThrownBy(() -> probe.engine.abandon(2, 0)).isInstanceOf(IllegalStateException.class);
    }

    private static EngineOptions options(Profile profile) {
        EngineOptions v1 = EngineOptions.DEFAULTS;
        return new EngineOptions(
                v1.start(),
                v1.defaultLeaseSeconds(),
                v1.sweepInterval(),
                v1.gcInterval(),
                v1.gcMaxIdle(),
                v1.maxLocks(),
                v1.maxWaiters(),
                v1.autoRelease(),
                profile);
    }
}

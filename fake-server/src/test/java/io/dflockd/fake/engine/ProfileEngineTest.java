package io.dflockd.fake.engine;

import static io.dflockd.fake.engine.EngineProbe.acquire;
import static io.dflockd.fake.engine.EngineProbe.await;
import static io.dflockd.fake.engine.EngineProbe.enqueue;
import static io.dflockd.fake.engine.EngineProbe.granted;
import static io.dflockd.fake.engine.EngineProbe.release;
import static io.dflockd.fake.engine.EngineProbe.renew;
import static io.dflockd.fake.engine.EngineProbe.semaphore;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import org.junit.jupiter.api.Test;

/** Where V0 and V2 are not as V1, and the transcripts do not show it. */
class ProfileEngineTest {

    private static final Reply TIMED_OUT = new Reply.TimedOut();
    private static final Reply ERROR = new Reply.Refused(Status.ERROR);

    private final EngineProbe v0 = new EngineProbe(Profile.V0);
    private final EngineProbe v2 = new EngineProbe(Profile.V2);

    @Test
    void v0_keeps_the_entry_of_a_release_and_its_await_times_out_at_once() {
        v0.ask(1, enqueue("k", 20));
        v0.ask(2, release("k", "t1"));
        assertThat(v0.ask(1, enqueue("k", 20))).isEqualTo(ERROR);

        assertThat(v0.ask(1, await("k", 9))).isEqualTo(TIMED_OUT);

        assertThat(v0.ask(1, await("k", 9))).isEqualTo(ERROR);
        assertThat(v0.ask(1, enqueue("k", 20))).isEqualTo(new Reply.Acquired("t2", 20));
    }

    @Test
    void v0_ends_the_entry_when_the_lease_ends() {
        v0.ask(1, enqueue("k", 1));
        v0.at(2);

        assertThat(v0.ask(1, await("k", 9))).isEqualTo(ERROR);
    }

    @Test
    void v0_finds_an_ended_lease_at_the_sweep_or_a_renew_only() {
        v0.at(0.5);
        v0.ask(1, acquire("k", 0, 1));
        v0.at(1.6);

        assertThat(v0.ask(2, acquire("k", 0, 5))).isEqualTo(TIMED_OUT);
        assertThat(v0.ask(3, enqueue("k", 5))).isEqualTo(new Reply.Queued());
        assertThat(v0.ask(1, renew("k", "t1", 5))).isEqualTo(ERROR);
        assertThat(v0.ask(3, await("k", 5))).isEqualTo(granted("t2", 5));
    }

    @Test
    void v0_answers_a_renew_with_what_remains_in_whole_seconds() {
        v0.ask(1, acquire("k", 0, 30));

        assertThat(v0.ask(1, renew("k", "t1", 1))).isEqualTo(new Reply.Renewed(0));
    }

    @Test
    void a_lease_that_no_64_bits_of_nanoseconds_hold_never_ends() {
        v0.ask(1, acquire("k", 0, Long.MAX_VALUE));
        v0.send(2, acquire("k", Long.MAX_VALUE, 5));

        assertThat(v0.at(9_000_000_000.0)).isEmpty();
        assertThat(v0.engine.nextDeadline()).isEmpty();
    }

    @Test
    void a_forced_expiry_ends_the_leases_of_both_key_spaces() {
        v2.ask(1, acquire("k", 0, 30));
        v2.ask(1, semaphore("k", 0, 2, 30));

        v2.expire("k");

        assertThat(v2.ask(2, acquire("k", 0, 30))).isEqualTo(granted("t3", 30));
        assertThat(v2.ask(1, release("k", "t1"))).isEqualTo(ERROR);
    }

    @Test
    void a_key_of_both_spaces_is_forgotten_in_each_by_itself() {
        v2.ask(1, acquire("k", 0, 90));
        v2.ask(1, semaphore("k", 0, 2, 1));
        v2.at(90);

        assertThat(v2.ask(2, semaphore("k", 0, 3, 5))).as("another limit").isEqualTo(granted("t3", 5));
    }

    @Test
    void without_auto_release_v2_still_leaves_its_queues_and_keeps_its_slots() {
        EngineOptions keeping = new EngineOptions(0, 33, EngineProbe.SECOND, 5, 60, 1024, 0, false, Profile.V2);
        EngineProbe kept = new EngineProbe(keeping);
        kept.ask(1, acquire("k", 0, 30));
        kept.ask(2, enqueue("k", 5));

        kept.disconnect(2);
        kept.ask(1, release("k", "t1"));
        assertThat(kept.ask(3, acquire("k", 0, 30))).isEqualTo(granted("t2", 30));

        kept.disconnect(3);
        assertThat(kept.ask(1, acquire("k", 0, 30))).isEqualTo(TIMED_OUT);
    }

    @Test
    void whoever_owns_the_connection_can_ask_whether_it_waits() {
        v2.ask(1, acquire("k", 0, 30));
        assertThat(v2.engine.isBlocked(1)).isFalse();

        assertThat(v2.send(1, acquire("k", 5, 5))).isEmpty();
        assertThat(v2.engine.isBlocked(1)).isTrue();

        v2.send(2, release("k", "t1"));
        assertThat(v2.engine.isBlocked(1)).isFalse();
    }
}

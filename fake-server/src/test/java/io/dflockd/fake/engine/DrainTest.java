package io.dflockd.fake.engine;

import static io.dflockd.fake.engine.EngineProbe.acquire;
import static io.dflockd.fake.engine.EngineProbe.await;
import static io.dflockd.fake.engine.EngineProbe.enqueue;
import static io.dflockd.fake.engine.EngineProbe.granted;
import static io.dflockd.fake.engine.EngineProbe.release;
import static io.dflockd.fake.engine.EngineProbe.renew;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import org.junit.jupiter.api.Test;

/** A server that was told to end (PROTOCOL.md section 4). */
class DrainTest {

    private static final Reply ERROR = new Reply.Refused(Status.ERROR);
    private static final Reply DONE = new Reply.Done();
    private static final Reply TIMED_OUT = new Reply.TimedOut();

    private final EngineProbe v1 = new EngineProbe(Profile.V1);
    private final EngineProbe v2 = new EngineProbe(Profile.V2);

    @Test
    void v1_refuses_who_is_blocked_and_cancels_all_places() {
        v1.ask(1, acquire("k", 0, 30));
        v1.send(2, acquire("k", 9, 5));
        v1.ask(3, enqueue("k", 5));
        v1.send(3, await("k", 9));
        v1.ask(4, enqueue("k", 5));

        assertThat(v1.drain()).containsExactly(new Delivery(2, ERROR), new Delivery(3, ERROR));

        assertThat(v1.ask(4, await("k", 9))).isEqualTo(new Reply.Refused(Status.NOT_ENQUEUED));
        assertThat(v1.ask(3, await("k", 9))).isEqualTo(new Reply.Refused(Status.NOT_ENQUEUED));
        assertThat(v1.ask(1, release("k", "t1"))).isEqualTo(DONE);
        assertThat(v1.ask(5, acquire("k", 0, 5))).as("nobody is in the queue").isEqualTo(granted("t2", 5));
    }

    @Test
    void v1_goes_on_with_what_need_not_wait() {
        v1.ask(1, acquire("k", 0, 30));
        v1.drain();

        assertThat(v1.ask(2, acquire("k", 9, 5))).isEqualTo(ERROR);
        assertThat(v1.ask(2, acquire("k", 0, 5))).isEqualTo(TIMED_OUT);
        assertThat(v1.ask(2, acquire("free", 9, 5))).isEqualTo(granted("t2", 5));
        assertThat(v1.ask(1, renew("k", "t1", 5))).isEqualTo(new Reply.Renewed(5));
        assertThat(v1.ask(3, enqueue("k", 5))).isEqualTo(new Reply.Queued());
        assertThat(v1.ask(1, release("k", "t1"))).isEqualTo(DONE);
        assertThat(v1.ask(3, await("k", 9))).isEqualTo(granted("t3", 5));
    }

    @Test
    void v1_lets_no_await_wait_on_a_place_that_was_taken_later() {
        v1.ask(1, acquire("k", 0, 30));
        v1.drain();
        v1.ask(2, enqueue("k", 5));
        v1.ask(3, enqueue("k", 5));

        assertThat(v1.ask(2, await("k", 9))).isEqualTo(ERROR);
        assertThat(v1.ask(2, await("k", 9))).isEqualTo(new Reply.Refused(Status.NOT_ENQUEUED));
        assertThat(v1.ask(3, await("k", 0))).isEqualTo(TIMED_OUT);
    }

    @Test
    void v1_sweeps_no_more() {
        v1.ask(1, acquire("k", 0, 1));
        v1.drain();
        v1.ask(2, enqueue("k", 5));

        assertThat(v1.at(5)).isEmpty();

        assertThat(v1.ask(1, release("k", "t1"))).as("nobody has looked").isEqualTo(DONE);
        assertThat(v1.ask(2, await("k", 9))).isEqualTo(granted("t2", 5));
    }

    @Test
    void v2_refuses_who_is_blocked_and_everything_that_comes() {
        v2.ask(1, acquire("k", 0, 30));
        v2.send(2, acquire("k", 9, 5));
        v2.ask(3, enqueue("k", 5));

        assertThat(v2.drain()).containsExactly(new Delivery(2, ERROR));

        Reply draining = new Reply.Refused(Status.DRAINING);
        assertThat(v2.ask(1, release("k", "t1"))).isEqualTo(draining);
        assertThat(v2.ask(3, await("k", 9))).isEqualTo(draining);
        assertThat(v2.ask(4, new Command.Ping())).isEqualTo(draining);
        assertThat(v2.ask(4, new Command.Stats())).isEqualTo(draining);
        assertThat(v2.ask(4, new Command.Malformed("x"))).as("not well-formed").isEqualTo(ERROR);
    }

    @Test
    void v2_frees_what_a_closed_connection_held_and_sweeps_on() {
        v2.ask(1, acquire("k", 0, 1));
        v2.ask(3, enqueue("k", 5));
        v2.drain();
        v2.events.clear();

        v2.at(1);

        assertThat(v2.events).hasAtLeastOneElementOfType(EngineEvent.Expired.class);
        assertThat(v2.disconnect(3)).isEmpty();
        assertThat(v2.events).hasAtLeastOneElementOfType(EngineEvent.Revoked.class);
    }
}

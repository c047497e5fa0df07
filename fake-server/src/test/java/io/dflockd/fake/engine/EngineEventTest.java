package io.dflockd.fake.engine;

import static io.dflockd.fake.engine.EngineProbe.SECOND;
import static io.dflockd.fake.engine.EngineProbe.acquire;
import static io.dflockd.fake.engine.EngineProbe.await;
import static io.dflockd.fake.engine.EngineProbe.enqueue;
import static io.dflockd.fake.engine.EngineProbe.release;
import static io.dflockd.fake.engine.EngineProbe.renew;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import org.junit.jupiter.api.Test;

/** The engine tells everything, in the order in which it happens. */
class EngineEventTest {

    private static final Key KEY = Key.of("k");
    private static final long NEVER = Deadline.NEVER;

    private final EngineProbe probe = new EngineProbe();

    @Test
    void a_lock_from_grant_to_release() {
        probe.ask(1, acquire("k", 0, 5));
        probe.ask(2, renew("k", "t1", 7));
        probe.ask(2, release("k", "t1"));

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Granted(0, 1, KEY, "t1", 1, 0, 1, 5 * SECOND),
                        new EngineEvent.Replied(0, 1, new Reply.Granted("t1", 5)),
                        new EngineEvent.Renewed(0, 2, KEY, "t1", 7 * SECOND),
                        new EngineEvent.Replied(0, 2, new Reply.Renewed(7)),
                        new EngineEvent.Released(0, 2, KEY, "t1"),
                        new EngineEvent.Replied(0, 2, new Reply.Done()));
    }

    @Test
    void two_phases_with_a_silent_grant_and_an_await() {
        probe.ask(1, acquire("k", 0, 5));
        probe.ask(2, enqueue("k", 3));
        probe.events.clear();
        probe.at(1);
        probe.ask(1, release("k", "t1"));
        probe.at(2);
        probe.ask(2, await("k", 9));

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Released(SECOND, 1, KEY, "t1"),
                        new EngineEvent.Replied(SECOND, 1, new Reply.Done()),
                        new EngineEvent.Granted(SECOND, 2, KEY, "t2", 2, 1, 1, 4 * SECOND),
                        new EngineEvent.Rearmed(2 * SECOND, 2, KEY, "t2", 5 * SECOND),
                        new EngineEvent.Replied(2 * SECOND, 2, new Reply.Granted("t2", 3)));
    }

    @Test
    void places_that_end_by_grant_timeout_and_disconnect() {
        probe.ask(1, acquire("k", 0, 5));
        probe.events.clear();
        probe.send(2, acquire("k", 9, 3));
        probe.ask(3, enqueue("k", 3));
        probe.send(3, await("k", 2));
        probe.at(2);
        probe.disconnect(2);

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Enqueued(0, 2, KEY, 1, 1, true, 9 * SECOND),
                        new EngineEvent.Enqueued(0, 3, KEY, 2, 1, false, NEVER),
                        new EngineEvent.Replied(0, 3, new Reply.Queued()),
                        new EngineEvent.AwaitBegan(0, 3, KEY, 2, 2 * SECOND),
                        new EngineEvent.Dropped(2 * SECOND, 3, KEY, 2, "timeout"),
                        new EngineEvent.Replied(2 * SECOND, 3, new Reply.TimedOut()),
                        new EngineEvent.Disconnected(2 * SECOND, 2),
                        new EngineEvent.Dropped(2 * SECOND, 2, KEY, 1, "disconnect"));
    }

    @Test
    void leases_that_end_by_expiry_and_disconnect() {
        probe.ask(1, acquire("k", 0, 1));
        probe.send(2, acquire("k", 9, 3));
        probe.events.clear();
        probe.at(1);
        probe.disconnect(2);

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Expired(SECOND, KEY, "t1", false),
                        new EngineEvent.Granted(SECOND, 2, KEY, "t2", 2, 1, 1, 4 * SECOND),
                        new EngineEvent.Replied(SECOND, 2, new Reply.Granted("t2", 3)),
                        new EngineEvent.Disconnected(SECOND, 2),
                        new EngineEvent.Revoked(SECOND, 2, KEY, "t2", "disconnect"));
    }

    @Test
    void a_refusal() {
        probe.ask(1, await("k", 0));

        assertThat(probe.events)
                .containsExactly(
                        new EngineEvent.Rejected(0, 1, KEY, Status.NOT_ENQUEUED),
                        new EngineEvent.Replied(0, 1, new Reply.Refused(Status.NOT_ENQUEUED)));
    }
}

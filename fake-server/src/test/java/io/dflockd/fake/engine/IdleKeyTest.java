package io.dflockd.fake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clean-up of idle keys, and what it must leave alone. */
class IdleKeyTest {

    private static final long SECOND = 1_000_000_000L;
    private static final Key KEY = Key.of("k");

    private final AtomicLong tokens = new AtomicLong();
    private final LockEngine engine = new LockEngine(
            EngineOptions.DEFAULTS,
            () -> String.format("%032x", tokens.incrementAndGet()),
            new TimerQueue(),
            EventSink.NONE);

    @Test
    void a_key_that_was_idle_and_is_held_again_is_not_forgotten() {
        engine.connect(1, 0);
        engine.connect(2, 0);
        Reply.Granted first = (Reply.Granted) acquire(1, 0);
        engine.handle(1, new Command.Release(Family.LOCK, KEY, first.token()), SECOND);

        acquire(1, 30 * SECOND);
        engine.advanceTo(90 * SECOND);

        assertThat(acquire(2, 90 * SECOND)).as("connection 1 holds the key").isInstanceOf(Reply.TimedOut.class);
    }

    private Reply acquire(long conn, long now) {
        List<Delivery> replies =
                engine.handle(conn, new Command.Acquire(Family.LOCK, KEY, 0, 1, OptionalLong.of(1000)), now);
        assertThat(replies).hasSize(1);
        return replies.get(0).reply();
    }
}

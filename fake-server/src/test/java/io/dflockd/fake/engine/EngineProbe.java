package io.dflockd.fake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Command.Family;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** An engine with connections 1 to 5 at a time in whole seconds, and what it said so far. Tokens are t1, t2, ... */
final class EngineProbe {

    static final long SECOND = 1_000_000_000L;

    final List<EngineEvent> events = new ArrayList<>();
    final LockEngine engine;
    private int tokens;
    private long now;

    EngineProbe(EngineOptions options) {
        engine = new LockEngine(options, () -> "t" + ++tokens, new TimerQueue(), events::add);
        for (long conn = 1; conn <= 5; conn++) {
            engine.connect(conn, 0);
        }
        events.clear();
    }

    EngineProbe() {
        this(EngineOptions.DEFAULTS);
    }

    EngineProbe(Profile profile) {
        this(new EngineOptions(0, 33, SECOND, 5 * SECOND, 60 * SECOND, 1024, 0, true, profile));
    }

    /** Lets the time come; what was decided meanwhile. */
    List<Delivery> at(double seconds) {
        now = (long) (seconds * SECOND);
        return engine.advanceTo(now);
    }

    List<Delivery> send(long conn, Command command) {
        return engine.handle(conn, command, now);
    }

    /** Sends and gets the reply at once, and nobody else gets anything. */
    Reply ask(long conn, Command command) {
        List<Delivery> deliveries = send(conn, command);
        assertThat(deliveries).hasSize(1);
        assertThat(deliveries.get(0).conn()).isEqualTo(conn);
        return deliveries.get(0).reply();
    }

    List<Delivery> disconnect(long conn) {
        return engine.disconnect(conn, now);
    }

    List<Delivery> drain() {
        return engine.drain(now);
    }

    List<Delivery> expire(String key) {
        return engine.expire(Key.of(key), now);
    }

    static Command acquire(String key, long timeout, long lease) {
        return new Command.Acquire(Family.LOCK, Key.of(key), timeout, 1, OptionalLong.of(lease));
    }

    static Command semaphore(String key, long timeout, long limit, long lease) {
        return new Command.Acquire(Family.SEMAPHORE, Key.of(key), timeout, limit, OptionalLong.of(lease));
    }

    static Command enqueue(String key, long lease) {
        return new Command.Enqueue(Family.LOCK, Key.of(key), 1, OptionalLong.of(lease));
    }

    static Command await(String key, long timeout) {
        return new Command.Await(Family.LOCK, Key.of(key), timeout);
    }

    static Command release(String key, String token) {
        return new Command.Release(Family.LOCK, Key.of(key), token);
    }

    static Command renew(String key, String token, long lease) {
        return new Command.Renew(Family.LOCK, Key.of(key), token, OptionalLong.of(lease));
    }

    static Reply granted(String token, long lease) {
        return new Reply.Granted(token, lease);
    }
}

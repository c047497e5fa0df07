package io.dflockd.fake;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.SocketLoop;
import java.util.function.UnaryOperator;

/**
 * Settings of a running server that a test turns to earn a refusal: the server's state then agrees with what it says. They count from now on, for what comes, and
 * until {@link FakeDflockdServer#reset} or {@link FakeDflockdServer#restart}.
 *
 * <p>Safe from any thread. A value that makes no sense throws {@link IllegalArgumentException}, as in {@link FakeOptions}.
 */
public final class ServerLimits {

    private final EngineDriver driver;
    private final SocketLoop loop;

    ServerLimits(EngineDriver driver, SocketLoop loop) {
        this.driver = driver;
        this.loop = loop;
    }

    /** How many keys may be known, idle ones too: one more is refused with {@code error_max_locks}. Keys that are known stay. */
    public void maxLocks(int most) {
        change(options -> options.withMaxLocks(most));
    }

    /** How many may wait for one key: one more is refused with {@code error_max_waiters}; 0 for any number. Those who wait stay. */
    public void maxWaiters(int most) {
        change(options -> options.withMaxWaiters(most));
    }

    /** How many connections may be open: one more is accepted and closed without a byte; 0 for any number. Open ones stay. */
    public void maxConnections(int most) {
        change(options -> options.withMaxConnections(most));
    }

    /** Whether a connection that ends frees what it holds and leaves its queues. */
    public void autoRelease(boolean on) {
        change(options -> options.withAutoReleaseOnDisconnect(on));
    }

    /** The secret that new connections have to send first; those that are let in already stay. To rotate it, name another. */
    public void authToken(String secret) {
        change(options -> options.withAuthToken(secret));
    }

    /** Nobody looks for leases that are over any more, but who asks for their key: the next waiter is not granted in time. */
    public void pauseSweeps() {
        loop.outside(() -> driver.tampering().pauseSweeps(true));
    }

    /** Ends {@link #pauseSweeps}; leases that are over end now. */
    public void resumeSweeps() {
        loop.outside(() -> driver.tampering().pauseSweeps(false));
    }

    private void change(UnaryOperator<FakeOptions> how) {
        loop.outside(() -> driver.configure(how));
    }
}

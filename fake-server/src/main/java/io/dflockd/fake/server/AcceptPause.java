package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.util.Optional;

/**
 * A moment without accepting, when it fails: with too many open files the listener stays ready, and trying at once again would keep the loop busy and fill the log.
 *
 * <p>Belongs to the loop's thread. Real time, whatever the server's clock: the sockets are real.
 */
final class AcceptPause {

    /** So many at most are accepted before others have their turn, and a server that is told to end hears of it. */
    private static final int MOST_AT_ONCE = 100;

    private static final long PAUSE_NANOS = 50_000_000;

    private Optional<SelectionKey> pausing = Optional.empty();
    private boolean failing;
    private long end;

    /** Accepts one, if there is somebody, and says whether there was. */
    @FunctionalInterface
    interface Accepting {
        boolean next() throws IOException;
    }

    /** Accepts those who wait, or begins the pause. Of very many the rest comes next time: the listener is ready still. */
    void acceptAll(SelectionKey listener, Accepting accepting) {
        try {
            boolean more = true;
            for (int left = MOST_AT_ONCE; more && left > 0; left--) {
                more = accepting.next();
            }
            failing = failing && more;
        } catch (IOException e) {
            begin(listener, e);
        }
    }

    /** Accepting from this listener failed. Said once, until everybody who waits could be accepted again. */
    private void begin(SelectionKey listener, IOException failure) {
        if (!failing) {
            LOG.warn(
                    "accepting on {} fails, trying again every {} ms; with too many open files, close some or raise the limit: {}",
                    listener.channel(),
                    PAUSE_NANOS / 1_000_000,
                    failure.toString());
        }
        failing = true;
        pausing = Optional.of(listener);
        end = System.nanoTime() + PAUSE_NANOS;
        interest(listener, 0);
    }

    /** How long it still lasts in nanoseconds, {@link Long#MAX_VALUE} without a pause. */
    long left() {
        return pausing.isPresent() ? end - System.nanoTime() : Long.MAX_VALUE;
    }

    /** Listens again, if it has lasted long enough. */
    void endIfOver() {
        if (left() <= 0) {
            pausing.ifPresent(listener -> interest(listener, SelectionKey.OP_ACCEPT));
            pausing = Optional.empty();
        }
    }

    private static void interest(SelectionKey listener, int operations) {
        try {
            listener.interestOps(operations);
        } catch (CancelledKeyException closed) {
            LOG.trace("{} was closed meanwhile", listener.channel());
        }
    }
}

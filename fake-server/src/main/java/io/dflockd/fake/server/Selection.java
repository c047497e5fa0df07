package io.dflockd.fake.server;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A selector whose channels may be opened and closed on any thread, with effect before the call returns, whatever the loop does meanwhile.
 *
 * <p>A closed channel keeps its socket until the next selection. So that another thread can make one, the loop holds the selector while it waits only, and never
 * while it serves.
 */
final class Selection implements AutoCloseable {

    private final Selector selector = Selector.open();
    private final ReentrantLock entrance = new ReentrantLock();
    private final Ready ready = new Ready();

    /** What a selection finds. */
    private static final class Ready implements Consumer<SelectionKey> {
        private final List<SelectionKey> keys = new ArrayList<>();

        @Override
        public void accept(SelectionKey key) {
            keys.add(key);
        }
    }

    Selection() throws IOException {}

    /** Watches the channel from the next selection on. */
    SelectionKey watch(SelectableChannel channel, int operations) throws IOException {
        return channel.register(selector, operations);
    }

    /** What is ready, after at most so long; for the loop only, and good until the next call. */
    @SuppressWarnings("LockNotBeforeTry") // It only waits until nobody else is inside.
    List<SelectionKey> select(long millis) throws IOException {
        ready.keys.clear();
        entrance.lock();
        entrance.unlock();
        if (millis > 0) {
            selector.select(ready, millis);
        } else {
            selector.selectNow(ready);
        }
        return ready.keys;
    }

    /** Lets go of what was closed: its socket is closed when this returns. */
    void forgetClosed() throws IOException {
        entrance.lock();
        try {
            selector.wakeup();
            selector.selectNow(new Ready());
        } finally {
            entrance.unlock();
            // The one that this selection has used up may have been meant for the loop.
            selector.wakeup();
        }
    }

    /** The loop does not wait, or not any longer. */
    void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}

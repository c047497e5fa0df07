package io.dflockd.client.internal;

import io.dflockd.client.internal.WatchedChannel.Noise;
import io.dflockd.client.spi.IdleListener;
import io.dflockd.client.spi.IdleWatch;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches idle channels with a selector.
 *
 * <p>A channel has to be in non-blocking mode as long as it is registered, and nobody else can use it then. Changing the mode, registering and cancelling are all
 * done by the thread that awaits: elsewhere they fail now and then (DESIGN rule 11). Others leave their wishes in a queue and wake it.
 */
final class SelectorWatch implements IdleWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SelectorWatch.class);

    /** How many listeners are called, or connections closed, before those are served who want their connection back. */
    private static final int SLICE = 32;

    private final Selector selector;
    private final Queue<WatchedChannel> changes = new ConcurrentLinkedQueue<>();
    private final List<WatchedChannel> leaving = new ArrayList<>();
    private final ArrayDeque<WatchedChannel> untold = new ArrayDeque<>();
    private final ArrayDeque<WatchedChannel> unclosed = new ArrayDeque<>();

    SelectorWatch() throws IOException {
        this.selector = Selector.open();
    }

    /** Watches a channel that is in blocking mode now, from the next {@link #await} on. */
    WatchedChannel add(SocketChannel channel, WatchedChannel.Ear ear, IdleListener listener) {
        WatchedChannel watched = new WatchedChannel(this, channel, ear, listener);
        change(watched);
        return watched;
    }

    /** Has a channel looked at that enters, leaves, or has been closed. */
    void change(WatchedChannel watched) {
        changes.add(watched);
        selector.wakeup();
    }

    @Override
    public void await(long timeoutNanos) throws IOException {
        Thread.interrupted(); // whoever interrupts this thread means another one; with the flag set it would never wait
        if (untold.isEmpty() && unclosed.isEmpty() && changes.isEmpty()) {
            selector.select(SocketTransport.millis(timeoutNanos));
        } else {
            selector.selectNow();
        }
        for (SelectionKey key : selector.selectedKeys()) {
            WatchedChannel watched = (WatchedChannel) key.attachment();
            Noise noise = watched.listen();
            if (noise != Noise.NONE) {
                disturb(watched, noise == Noise.OVER);
            }
        }
        selector.selectedKeys().clear();
        for (WatchedChannel watched = changes.poll(); watched != null; watched = changes.poll()) {
            serve(watched);
        }
        if (!leaving.isEmpty()) {
            takeOut();
        }
        boolean telling = !untold.isEmpty();
        for (int i = 0; i < SLICE && !untold.isEmpty(); i++) {
            tell(untold.remove());
        }
        for (int i = 0; i < SLICE && !telling && !unclosed.isEmpty(); i++) {
            unclosed.remove().closeAtLast();
        }
    }

    /** Closing takes the system longer than all else about a loss: when a server dies, thousands are told first. */
    private void tell(WatchedChannel watched) {
        try {
            watched.tell();
        } finally {
            if (watched.isToBeClosed()) {
                unclosed.add(watched);
            }
        }
    }

    private void serve(WatchedChannel watched) {
        if (watched.enters()) {
            try {
                watched.channel().configureBlocking(false);
                watched.channel().register(selector, SelectionKey.OP_READ, watched);
                return;
            } catch (IOException e) {
                LOG.debug("an idle connection cannot be watched: {}", e.toString());
                disturb(watched, true);
            }
        }
        if (watched.isLeaving()) {
            leaving.add(watched);
        } else if (!watched.channel().isOpen()) {
            disturb(watched, true);
        }
    }

    private void disturb(WatchedChannel watched, boolean over) {
        if (watched.disturb(over)) {
            untold.add(watched);
            leaving.add(watched);
        }
    }

    /** Only a selection takes cancelled keys out, and only then can the mode be changed back. */
    private void takeOut() throws IOException {
        for (WatchedChannel watched : leaving) {
            SelectionKey key = watched.channel().keyFor(selector);
            if (key != null) {
                key.cancel();
            }
        }
        selector.selectNow();
        leaving.forEach(SelectorWatch::giveBack);
        leaving.clear();
    }

    private static void giveBack(WatchedChannel watched) {
        try {
            watched.channel().configureBlocking(true);
        } catch (IOException e) {
            LOG.debug("an idle connection was closed while it was watched: {}", e.toString());
        }
        watched.left();
    }

    @Override
    public boolean isEmpty() {
        return selector.keys().isEmpty() && untold.isEmpty() && unclosed.isEmpty() && changes.isEmpty();
    }

    @Override
    public void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        if (!selector.isOpen()) {
            return;
        }
        for (SelectionKey key : selector.keys()) {
            leaving.add((WatchedChannel) key.attachment());
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing the selector of idle connections: {}", e.toString());
        }
        leaving.forEach(SelectorWatch::giveBack);
        leaving.clear();
        untold.clear();
        unclosed.forEach(WatchedChannel::closeAtLast);
        unclosed.clear();
    }
}

package io.dflockd.client.internal;

import io.dflockd.client.DflockdException;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.LeaseLost;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the user's listener, if there is one, what happens with one server; never in a connection's turn (DESIGN rule 15). Without one it looks at no clock and makes no
 * object.
 *
 * <p>Losses and closed connections come by the thousand when a server dies, on a thread that must not wait. They are told elsewhere, one after the other, so that a
 * listener that blocks takes one thread of {@link LossNotices} and no more.
 */
final class Observer {

    private static final Logger LOG = LoggerFactory.getLogger(Observer.class);

    private final @Nullable DflockdListener listener;
    private final ServerAddress server;
    private final ClientRuntime runtime;
    private final LossNotices notices;
    private final Queue<Consumer<DflockdListener>> later = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger();

    Observer(ClientOptions options, ServerAddress server, LossNotices notices) {
        this.notices = notices;
        this.listener = options.listener().orElse(null);
        this.runtime = options.runtime();
        this.server = server;
    }

    void acquired(Turn turn, String key, long since) {
        if (listener != null) {
            Duration time = since(since);
            turn.outside(() -> tell(to -> to.acquired(key, server, time)));
        }
    }

    void notAcquired(String key, long since) {
        if (listener != null) {
            Duration time = since(since);
            tell(to -> to.notAcquired(key, server, time));
        }
    }

    void acquireFailed(String key, long since, DflockdException failure) {
        if (listener != null) {
            Duration time = since(since);
            tell(to -> to.acquireFailed(key, server, time, failure));
        }
    }

    void renewed(Turn turn, String key, long since) {
        if (listener != null) {
            Duration time = since(since);
            turn.outside(() -> tell(to -> to.renewed(key, server, time)));
        }
    }

    void renewalFailed(Turn turn, String key, String why) {
        if (listener != null) {
            turn.outside(() -> tell(to -> to.renewalFailed(key, server, why)));
        }
    }

    void released(Turn turn, String key, long since) {
        if (listener != null) {
            Duration time = since(since);
            turn.outside(() -> tell(to -> to.released(key, server, time)));
        }
    }

    void lost(Turn turn, LeaseLost loss, long since) {
        if (listener != null) {
            Duration time = since(since);
            turn.outside(() -> tellLater(to -> to.lost(loss, server, time)));
        }
    }

    void connectionOpened() {
        if (listener != null) {
            tell(to -> to.connectionOpened(server));
        }
    }

    void connectionClosed(Turn turn) {
        if (listener != null) {
            turn.outside(() -> tellLater(to -> to.connectionClosed(server)));
        }
    }

    private Duration since(long time) {
        return Duration.ofNanos(runtime.nanoTime() - time);
    }

    /** On another thread, unless the client is being closed, when nobody might wait for that. */
    private void tellLater(Consumer<DflockdListener> event) {
        later.add(event);
        if (untold.getAndIncrement() == 0 && !notices.offer(this::tellAll)) {
            tellAll();
        }
    }

    private void tellAll() {
        do {
            tell(later.remove());
        } while (untold.decrementAndGet() > 0);
    }

    /** Whatever it throws, it is the listener's affair. */
    private void tell(Consumer<DflockdListener> event) {
        try {
            if (listener != null) {
                event.accept(listener);
            }
        } catch (Throwable e) {
            LOG.error("the listener of the client failed", e);
        }
    }
}

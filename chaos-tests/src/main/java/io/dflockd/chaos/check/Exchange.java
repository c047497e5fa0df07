package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import org.jspecify.annotations.Nullable;

/** One request, and its reply once it is there. */
final class Exchange {

    private final Connection connection;
    private final Event sent;
    private final WireRequest request;
    private @Nullable Event received;
    private @Nullable WireReply reply;

    Exchange(Connection connection, Event sent) {
        this.connection = connection;
        this.sent = sent;
        this.request = WireRequest.of(sent);
    }

    void answer(Event event) {
        received = event;
        reply = WireReply.of(request, event);
    }

    Connection connection() {
        return connection;
    }

    Event sent() {
        return sent;
    }

    WireRequest request() {
        return request;
    }

    /** Only of an exchange that was answered. */
    Event received() {
        if (received == null) {
            throw new IllegalStateException("not answered: ask only in answered()");
        }
        return received;
    }

    /** Only of an exchange that was answered. */
    WireReply reply() {
        if (reply == null) {
            throw new IllegalStateException("not answered: ask only in answered()");
        }
        return reply;
    }
}

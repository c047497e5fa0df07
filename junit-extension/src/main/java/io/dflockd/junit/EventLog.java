package io.dflockd.junit;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EventSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest events of a fake. A sink of the user's is told as before. */
final class EventLog implements EventSink {

    private final EventSink next;
    private final int most;
    private final Deque<EngineEvent> events = new ArrayDeque<>();

    EventLog(EventSink next, int most) {
        this.next = next;
        this.most = most;
    }

    @Override
    public void accept(EngineEvent event) {
        keep(event);
        next.accept(event);
    }

    private synchronized void keep(EngineEvent event) {
        events.add(event);
        if (events.size() > most) {
            events.remove();
        }
    }

    synchronized void clear() {
        events.clear();
    }

    synchronized List<EngineEvent> list() {
        return List.copyOf(events);
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** P4, with server truth: a grant goes to the head of the live queue, and nobody gets one past a queue. */
final class QueueOrder extends Check {

    private final Map<String, LinkedHashMap<Long, Event>> queues = new HashMap<>();

    QueueOrder() {
        super("P4");
    }

    @Override
    void event(Event event) {
        String key = event.key();
        if (key == null) {
            return;
        }
        switch (event.type()) {
            case ENQUEUE ->
                queues.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(event.op(), event);
            case DROP -> leave(key, event.op());
            case GRANT -> {
                granted(event, queues.getOrDefault(key, new LinkedHashMap<>()));
                leave(key, event.op());
            }
            default -> {}
        }
    }

    private void leave(String key, long place) {
        LinkedHashMap<Long, Event> queue = queues.get(key);
        if (queue != null) {
            queue.remove(place);
            if (queue.isEmpty()) {
                queues.remove(key);
            }
        }
    }

    private void granted(Event grant, Map<Long, Event> queue) {
        if (queue.isEmpty()) {
            return;
        }
        reached();
        Event head = queue.values().iterator().next();
        if (grant.op() == 0) {
            violated(
                    "key '" + grant.key() + "': connection " + grant.conn() + " was granted past a queue of "
                            + queue.size(),
                    List.of(head, grant));
        } else if (head.op() != grant.op() && queue.containsKey(grant.op())) {
            violated(
                    "key '" + grant.key() + "': connection " + grant.conn() + " was granted before connection "
                            + head.conn() + ", which was ahead of it",
                    List.of(head, queue.getOrDefault(grant.op(), head), grant));
        }
    }
}

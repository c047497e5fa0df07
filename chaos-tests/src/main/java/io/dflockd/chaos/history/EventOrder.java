package io.dflockd.chaos.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a recorder never writes, and a judge would misread: replies to nothing, and clocks that go back. */
final class EventOrder {

    /** The exchanges without a reply, by connection. They stay when it is closed: a reply that was just being read may be recorded after that. */
    private final Map<Long, Deque<Long>> pending = new HashMap<>();

    private long last = Long.MIN_VALUE;

    /** Takes the next event; what is wrong with it, if something is. */
    Optional<String> next(Event event) {
        if (!event.type().isServers()) {
            if (event.time() < last) {
                return Optional.of(event.type() + " at " + event.time() + " comes after an event at " + last
                        + ": the time goes back");
            }
            last = event.time();
        }
        return switch (event.type()) {
            case SEND -> {
                pending.computeIfAbsent(event.conn(), conn -> new ArrayDeque<>())
                        .add(event.op());
                yield Optional.empty();
            }
            case RECEIVE -> received(event);
            default -> Optional.empty();
        };
    }

    private Optional<String> received(Event event) {
        Deque<Long> ops = pending.getOrDefault(event.conn(), new ArrayDeque<>());
        long expected = ops.isEmpty() ? 0 : ops.remove();
        if (ops.isEmpty()) {
            pending.remove(event.conn());
        }
        return event.op() == expected
                ? Optional.empty()
                : Optional.of("RECEIVE with " + (event.op() == 0 ? "no 'op'" : "op " + event.op()) + ", but connection "
                        + event.conn() + (expected == 0 ? " waits for no reply" : " waits for that of op " + expected));
    }
}

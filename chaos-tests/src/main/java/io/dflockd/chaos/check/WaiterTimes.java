package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * P5, with server truth: a place in a queue is given up neither early nor much too late, and once it is given up it is never granted.
 *
 * <p>The time in which the JVM stood still does not count as late; it is told only afterwards, and is waited for.
 */
final class WaiterTimes extends Check {

    /** A place that was given up, and the event that had set its deadline. */
    private record Late(Event began, Event drop) {}

    private final long bound;
    private final Stalls stalls = new Stalls();
    /** The event that set the deadline, by place. */
    private final Map<Long, Event> waiting = new HashMap<>();

    private final Deque<Late> late = new ArrayDeque<>();

    WaiterTimes(long boundNanos) {
        super("P5");
        bound = boundNanos;
    }

    @Override
    void event(Event event) {
        stalls.event(event);
        while (!late.isEmpty() && event.time() > late.peek().drop().time() + Stalls.NOTICED_WITHIN) {
            judgeLate(late.remove());
        }
        switch (event.type()) {
            case ENQUEUE, AWAIT -> waiting.put(event.op(), event);
            case DROP -> dropped(event, waiting.remove(event.op()));
            case GRANT -> {
                if (event.op() != 0 && waiting.remove(event.op()) == null) {
                    violated(
                            "key '" + event.key() + "': connection " + event.conn()
                                    + " was granted a place that it no longer had",
                            List.of(event));
                }
            }
            default -> {}
        }
    }

    private void dropped(Event drop, @Nullable Event began) {
        if (began == null || !"timeout".equals(drop.text())) {
            return;
        }
        reached();
        long over = drop.time() - began.deadline();
        if (began.deadline() == 0 || over < 0) {
            violated(
                    "key '" + drop.key() + "': connection " + drop.conn() + " timed out "
                            + (began.deadline() == 0 ? "without a deadline" : Spans.text(-over) + " early"),
                    List.of(began, drop));
        } else if (over > bound) {
            late.add(new Late(began, drop));
        }
    }

    private void judgeLate(Late place) {
        long from = place.began().deadline();
        long to = place.drop().time();
        long over = to - from - stalls.within(from, to);
        if (over > bound) {
            violated(
                    "key '" + place.drop().key() + "': connection "
                            + place.drop().conn() + " timed out " + Spans.text(over) + " late",
                    List.of(place.began(), place.drop()));
        }
    }

    @Override
    void finish() {
        late.forEach(this::judgeLate);
    }
}

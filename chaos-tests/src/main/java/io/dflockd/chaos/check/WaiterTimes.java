package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** P5, with server truth: a place in a queue is given up neither early nor much too late, and once it is given up it is never granted. */
final class WaiterTimes extends Check {

    private final long bound;
    private final Stalls stalls = new Stalls();
    /** The event that set the deadline, by place. */
    private final Map<Long, Event> waiting = new HashMap<>();

    WaiterTimes(long boundNanos) {
        super("P5");
        bound = boundNanos;
    }

    @Override
    void event(Event event) {
        stalls.event(event);
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
        } else if (over - stalls.within(began.deadline(), drop.time()) > bound) {
            violated(
                    "key '" + drop.key() + "': connection " + drop.conn() + " timed out " + Spans.text(over) + " late",
                    List.of(began, drop));
        }
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.ArrayDeque;
import java.util.Deque;

/** When the JVM that recorded the history stood still. The detector can say so only afterwards. */
final class Stalls {

    /** How long after a stall the detector needs at most to record it. */
    static final long NOTICED_WITHIN = 2 * Spans.SECOND;

    private static final int KEPT = 256;

    private final Deque<long[]> stalls = new ArrayDeque<>();

    void event(Event event) {
        if (event.type() == EventType.FAULT && "stall".equals(event.text())) {
            stalls.add(new long[] {event.time() - event.value(), event.time()});
            if (stalls.size() > KEPT) {
                stalls.remove();
            }
        }
    }

    /** How much of the time between the two instants was a stall. */
    long within(long from, long to) {
        long sum = 0;
        for (long[] stall : stalls) {
            sum += Math.max(0, Math.min(stall[1], to) - Math.max(stall[0], from));
        }
        return sum;
    }
}

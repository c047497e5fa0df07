package io.dflockd.fake.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Everything that is to happen later, in the order of deadlines and, for equal ones, of arming.
 *
 * <p>There is one for leases, sweeps, waits, idle connections and injected delays together, so that one clock drives them all. A binary heap whose timers know
 * their place in it: a timer that is cancelled, and most are, leaves at once.
 */
public final class TimerQueue {

    /** One thing that is to happen, until it has run or was cancelled. */
    public static final class Timer {
        private final long deadline;
        private final long number;
        private final LongConsumer action;
        private int place = NOWHERE;

        private Timer(long deadline, long number, LongConsumer action) {
            this.deadline = deadline;
            this.number = number;
            this.action = action;
        }

        private boolean isBefore(Timer other) {
            return deadline < other.deadline || (deadline == other.deadline && number < other.number);
        }
    }

    private static final int NOWHERE = -1;

    private final List<Timer> heap = new ArrayList<>();
    private long numbers;

    /** An empty one. */
    public TimerQueue() {}

    /** Runs the action once at the deadline; it is given the time at which it runs. */
    public Timer schedule(long deadline, LongConsumer action) {
        Timer timer = new Timer(deadline, numbers++, action);
        heap.add(timer);
        siftUp(timer, heap.size() - 1);
        return timer;
    }

    /** Takes the timer away. Nothing happens if it has run or was cancelled before. */
    public void cancel(Timer timer) {
        int place = timer.place;
        if (place == NOWHERE) {
            return;
        }
        timer.place = NOWHERE;
        Timer last = heap.remove(heap.size() - 1);
        if (last != timer) {
            siftDown(last, place);
            siftUp(last, last.place);
        }
    }

    /** The earliest deadline, {@link Deadline#NEVER} if nothing is to happen. */
    public long earliest() {
        return heap.isEmpty() ? Deadline.NEVER : heap.get(0).deadline;
    }

    /** Whether something is to have happened by now. */
    public boolean isDue(long now) {
        long earliest = earliest();
        return earliest <= now && earliest != Deadline.NEVER;
    }

    /** The earliest deadline, if anything is to happen. */
    public OptionalLong nextDeadline() {
        long earliest = earliest();
        return earliest == Deadline.NEVER ? OptionalLong.empty() : OptionalLong.of(earliest);
    }

    /** Takes the first timer out and runs it, as at the time {@code at}. There must be one. */
    public void runFirst(long at) {
        Timer first = heap.get(0);
        cancel(first);
        first.action.accept(at);
    }

    /** Takes all timers away. */
    public void clear() {
        for (Timer timer : heap) {
            timer.place = NOWHERE;
        }
        heap.clear();
    }

    private void siftUp(Timer timer, int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) / 2;
            Timer above = heap.get(parent);
            if (!timer.isBefore(above)) {
                break;
            }
            put(above, place);
            place = parent;
        }
        put(timer, place);
    }

    private void siftDown(Timer timer, int from) {
        int place = from;
        for (int child = 2 * place + 1; child < heap.size(); child = 2 * place + 1) {
            if (child + 1 < heap.size() && heap.get(child + 1).isBefore(heap.get(child))) {
                child++;
            }
            Timer below = heap.get(child);
            if (!below.isBefore(timer)) {
                break;
            }
            put(below, place);
            place = child;
        }
        put(timer, place);
    }

    private void put(Timer timer, int place) {
        heap.set(place, timer);
        timer.place = place;
    }
}

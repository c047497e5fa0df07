package io.dflockd.client.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks by the time they are due; every task knows its place, so that one of many thousands is removed at once. Guarded by its lane. */
final class TaskHeap {

    private final List<LaneTask> tasks = new ArrayList<>();

    /** Some may have been removed meanwhile, and have no mark any more. */
    private final ArrayDeque<LaneTask> postponed = new ArrayDeque<>();

    private long orders;

    /** The task that is due first. */
    @Nullable
    LaneTask first() {
        return tasks.isEmpty() ? null : tasks.get(0);
    }

    /** Adds a task, or moves it to an earlier time. */
    void put(LaneTask task, long due) {
        if (task.place >= 0 && task.due - due <= 0) {
            return;
        }
        takeOut(task);
        task.due = due;
        task.order = orders++;
        task.place = tasks.size();
        tasks.add(task);
        up(task);
    }

    /** Puts a task that was taken out in the line of those that are run before all others, whatever the time. */
    void postpone(LaneTask task) {
        if (!task.postponed) {
            task.postponed = true;
            postponed.add(task);
        }
    }

    /** Takes out the task that was postponed first. */
    @Nullable
    LaneTask pollPostponed() {
        LaneTask task = postponed.poll();
        while (task != null && !task.postponed) {
            task = postponed.poll();
        }
        if (task != null) {
            remove(task);
        }
        return task;
    }

    /** Removes a task if it is there. */
    void remove(LaneTask task) {
        task.postponed = false;
        takeOut(task);
    }

    private void takeOut(LaneTask task) {
        if (task.place < 0) {
            return;
        }
        LaneTask last = tasks.remove(tasks.size() - 1);
        if (last != task) {
            set(task.place, last);
            up(last);
            down(last);
        }
        task.place = -1;
    }

    /** Removes all, in the order in which they were scheduled. */
    List<LaneTask> clear() {
        List<LaneTask> all = new ArrayList<>(tasks);
        all.sort((a, b) -> Long.compare(a.order, b.order));
        postponed.removeIf(task -> !task.postponed || task.place >= 0);
        all.addAll(postponed);
        postponed.clear();
        tasks.clear();
        all.forEach(TaskHeap::forget);
        return all;
    }

    private static void forget(LaneTask task) {
        task.place = -1;
        task.postponed = false;
    }

    private void up(LaneTask task) {
        while (task.place > 0) {
            LaneTask parent = tasks.get((task.place - 1) / 2);
            if (!before(task, parent)) {
                return;
            }
            swap(task, parent);
        }
    }

    private void down(LaneTask task) {
        while (2 * task.place + 1 < tasks.size()) {
            int left = 2 * task.place + 1;
            LaneTask child = tasks.get(left);
            if (left + 1 < tasks.size() && before(tasks.get(left + 1), child)) {
                child = tasks.get(left + 1);
            }
            if (!before(child, task)) {
                return;
            }
            swap(task, child);
        }
    }

    private void swap(LaneTask a, LaneTask b) {
        int place = a.place;
        set(b.place, a);
        set(place, b);
    }

    private void set(int place, LaneTask task) {
        tasks.set(place, task);
        task.place = place;
    }

    private static boolean before(LaneTask a, LaneTask b) {
        long difference = a.due - b.due;
        return difference < 0 || (difference == 0 && a.order - b.order < 0);
    }
}

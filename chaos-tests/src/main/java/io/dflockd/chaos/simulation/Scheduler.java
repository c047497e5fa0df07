package io.dflockd.chaos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, and the rule that one actor runs at a time.
 *
 * <p>An actor that waits picks the next event itself: an action, which it runs inline, or the turn of an actor, to which it hands over directly. There is no
 * scheduler thread. Everything here is used by the running actor only.
 */
final class Scheduler {

    /** A part of the world that keeps its own deadlines: the server. */
    interface Clockwork {
        OptionalLong nextDeadline();

        void runDue();
    }

    /** How long an actor may run in real time without coming back; generous, because machines are shared. */
    static final long STUCK_SECONDS = 10;

    private static final long TIME_LIMIT = TimeUnit.HOURS.toNanos(1);

    private final ExecutorService threads;
    private final Choices choices;
    private final long stuckSeconds;
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private final List<Actor> actors = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable Clockwork clockwork;
    private final AtomicLong steps = new AtomicLong();
    private long now;
    private volatile boolean over;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Actor current;
    private long order;

    Scheduler(ExecutorService threads, Choices choices) {
        this(threads, choices, STUCK_SECONDS);
    }

    Scheduler(ExecutorService threads, Choices choices, long stuckSeconds) {
        this.threads = threads;
        this.choices = choices;
        this.stuckSeconds = stuckSeconds;
    }

    private record Due(
            long time,
            long order,
            @Nullable Actor actor,
            int park,
            @Nullable Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    void drive(Clockwork server) {
        clockwork = server;
    }

    long now() {
        return now;
    }

    Choices choices() {
        return choices;
    }

    boolean isOver() {
        return over;
    }

    /** Runs {@code main} as the first actor and returns when it has ended and every other actor is unwound. */
    void run(Runnable main) {
        Actor first = start("main", new SimulatedProcess("main"), main);
        queue.clear();
        first.parked = false;
        current = first;
        first.giveTurn();
        watch();
        actors.forEach(Actor::giveTurn);
        awaitThreads();
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("the simulation failed at " + now + " ns: " + cause, cause);
        }
    }

    /** Starts an actor; its first turn comes a moment later. */
    Actor start(String name, SimulatedProcess process, Runnable body) {
        Actor actor = new Actor(name, process);
        actors.add(actor);
        actor.parked = true;
        threads.execute(() -> live(actor, body));
        wake(actor);
        return actor;
    }

    /** Runs {@code action} at an instant, on the thread of whichever actor is about to wait. It must not wait itself. */
    void at(long time, Runnable action) {
        queue.add(new Due(Math.max(time, now), order++, null, 0, action));
    }

    /** The running actor waits until it is woken or the deadline comes; says whether it was woken. */
    boolean park(long deadline) {
        Actor me = running();
        me.park++;
        me.parked = true;
        me.woken = false;
        if (deadline != Long.MAX_VALUE) {
            queue.add(new Due(Math.max(deadline, now), order++, me, me.park, null));
        }
        passOn(me);
        return me.woken;
    }

    void wake(Actor actor) {
        if (actor.parked && !actor.woken) {
            actor.woken = true;
            long delay = choices.draw(actor.process.name(), 20) * 1_000L;
            queue.add(new Due(now + delay, order++, actor, actor.park, null));
        }
    }

    /** A place where others may come in between: mostly nothing, sometimes a moment, rarely a pause on the scale of a lease. */
    void step() {
        String stream = running().process.name();
        int chance = choices.draw(stream, 1000);
        if (chance == 999) {
            park(now + choices.draw(stream, 2_000) * 1_000_000L);
        } else if (chance >= 800) {
            park(now + chance * 100L);
        }
    }

    Actor running() {
        Actor actor = current;
        if (actor == null || actor.thread != Thread.currentThread()) {
            if (over) {
                throw new SimulationOver();
            }
            throw new IllegalStateException("a thread outside the simulation waits in it: " + Thread.currentThread());
        }
        return actor;
    }

    boolean join(Actor actor, long deadline) {
        while (!actor.done && now < deadline) {
            Actor me = running();
            actor.joiners.add(me);
            park(deadline);
            actor.joiners.remove(me);
        }
        return actor.done;
    }

    private void live(Actor actor, Runnable body) {
        actor.thread = Thread.currentThread();
        actor.awaitTurn();
        try {
            if (!over) {
                body.run();
            }
        } catch (SimulationOver end) {
            // Unwound on purpose.
        } catch (Throwable t) {
            fail(t);
        } finally {
            actor.done = true;
            actor.thread = null;
        }
        if (!over) {
            if (actor == actors.get(0)) {
                over = true;
                ended.countDown();
                actor.gone.countDown();
                return;
            }
            List.copyOf(actor.joiners).forEach(this::wake);
            try {
                passOn(actor);
            } catch (SimulationOver end) {
                // Failed while picking; the main thread knows.
            }
        }
        actor.gone.countDown();
    }

    private void passOn(Actor me) {
        if (over) {
            throw new SimulationOver();
        }
        Actor next;
        try {
            next = pick();
        } catch (RuntimeException | Error e) {
            fail(e);
            throw new SimulationOver();
        }
        if (next == me) {
            return;
        }
        current = next;
        next.giveTurn();
        if (!me.done) {
            me.awaitTurn();
            if (over) {
                throw new SimulationOver();
            }
        }
    }

    /** The actor whose turn comes next; whatever is due before that is done on the way. */
    private Actor pick() {
        while (true) {
            steps.lazySet(steps.get() + 1);
            Clockwork server = clockwork;
            OptionalLong deadline = server == null ? OptionalLong.empty() : server.nextDeadline();
            Due due = queue.peek();
            if (server != null && deadline.isPresent() && (due == null || deadline.getAsLong() <= due.time())) {
                moveTo(deadline.getAsLong());
                server.runDue();
                continue;
            }
            if (due == null) {
                throw new IllegalStateException("deadlock: nothing will ever happen again; waiting: " + waiting());
            }
            queue.remove();
            Actor actor = due.actor();
            Runnable action = due.action();
            if (action != null) {
                moveTo(due.time());
                action.run();
            } else if (actor != null && actor.parked && actor.park == due.park()) {
                if (actor.process.pausedUntil() > due.time()) {
                    queue.add(new Due(actor.process.pausedUntil(), order++, actor, due.park(), null));
                    continue;
                }
                moveTo(due.time());
                actor.parked = false;
                return actor;
            }
        }
    }

    private void moveTo(long time) {
        now = Math.max(now, time);
        if (now > TIME_LIMIT) {
            throw new IllegalStateException("no end after an hour of simulated time; waiting: " + waiting());
        }
    }

    private List<Actor> waiting() {
        return actors.stream().filter(actor -> !actor.done).toList();
    }

    private void fail(Throwable cause) {
        if (!over) {
            failure = cause;
            over = true;
        }
        ended.countDown();
    }

    /** Waits for the end, and fails the run when an actor blocks outside the simulator: a lock or a sleep that escaped the seam. */
    private void watch() {
        try {
            long seen = -1;
            while (!ended.await(stuckSeconds, TimeUnit.SECONDS)) {
                if (steps.get() == seen) {
                    Actor stuck = current;
                    Thread thread = stuck == null ? null : stuck.thread;
                    IllegalStateException error = new IllegalStateException(stuck + " blocks outside the simulator for "
                            + stuckSeconds + " s of real time (stack above)");
                    if (thread != null) {
                        error.setStackTrace(thread.getStackTrace());
                    }
                    fail(error);
                }
                seen = steps.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(e);
        }
    }

    /** Every actor has been given a turn in which it can only end; a real thread that does not is left behind after a while. */
    private void awaitThreads() {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(stuckSeconds);
        try {
            for (Actor actor : actors) {
                if (!actor.gone.await(limit - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.dflockd.chaos.workload;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.nemesis.FaultKind;
import io.dflockd.client.AcquireTimeoutException;
import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdException;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Judges client and server together: acquires as applications do, and changes a counter in the critical section. */
final class ClientWorker implements Runnable {

    private static final long MILLI = 1_000_000L;

    private final RunContext context;
    private final SplittableRandom random;
    private final String name;
    private final Operations operations;
    private final DflockdClient client;

    /** @param client may be shared with other workers */
    ClientWorker(String name, RunContext context, SplittableRandom random, DflockdClient client) {
        this.name = name;
        this.context = context;
        this.random = random;
        this.client = client;
        this.operations = new Operations(name, context);
    }

    @Override
    public void run() {
        while (!context.stop().stopped()) {
            try {
                step(context.keys().draw(random));
                if (random.nextInt(10) == 0) {
                    context.stop().pause(random.nextLong(10 * MILLI));
                }
            } catch (ConnectionException e) {
                backOff();
            } catch (DflockdException e) {
                // Recorded as this operation's outcome; the next one is another attempt.
            } catch (InterruptedException e) {
                // Cancelled while it waited; nothing is held.
            }
        }
    }

    private void backOff() {
        try {
            context.stop().pause(random.nextLong(50 * MILLI));
        } catch (InterruptedException e) {
            // A late cancellation; the run's end is told by the signal.
        }
    }

    private void step(TestKey key) throws InterruptedException {
        DistributedLock lock = key.semaphore() ? client.semaphore(key.name(), key.limit()) : client.lock(key.name());
        LeaseRange range = context.settings().lease();
        lock = lock.withLease(Duration.ofSeconds(random.nextLong(range.shortest(), range.longest() + 1)));
        if (random.nextInt(10) < 3) {
            lock = lock.withoutRenewal();
        }
        Optional<Lease> lease = random.nextInt(100) < 2 ? acquireAndCancel(key, lock) : acquire(key, lock);
        if (lease.isPresent()) {
            hold(key, lease.get());
        }
    }

    private Optional<Lease> acquire(TestKey key, DistributedLock lock) throws InterruptedException {
        Duration timeout = Duration.ofMillis(random.nextInt(2500));
        int dice = random.nextInt(100);
        if (dice < 40) {
            return acquireOrTimeOut(key, lock.withAcquireTimeout(timeout));
        }
        if (dice < 75) {
            Duration wait = dice < 50 ? Duration.ZERO : timeout;
            return operations.run(
                    "tryAcquire", key, !wait.isZero(), ClientWorker::outcome, () -> lock.tryAcquire(wait));
        }
        Enqueued place = operations.run("enqueue", key, false, enqueued -> "ok " + enqueued.status(), lock::enqueue);
        try (place) {
            context.stop().pause(random.nextLong(3 * MILLI));
            longPause(1);
            if (random.nextInt(20) == 0) {
                return Optional.empty();
            }
            return operations.run("await", key, true, ClientWorker::outcome, () -> place.await(timeout));
        }
    }

    private Optional<Lease> acquireOrTimeOut(TestKey key, DistributedLock lock) throws InterruptedException {
        try {
            return operations.run("acquire", key, true, ClientWorker::outcome, () -> Optional.of(lock.acquire()));
        } catch (AcquireTimeoutException e) {
            return Optional.empty();
        }
    }

    /** Interrupts the wait after a while. */
    private Optional<Lease> acquireAndCancel(TestKey key, DistributedLock lock) throws InterruptedException {
        Thread self = Thread.currentThread();
        Future<?> cancel =
                context.scissors().schedule(self::interrupt, random.nextLong(100 * MILLI), TimeUnit.NANOSECONDS);
        try {
            return acquireOrTimeOut(key, lock.withAcquireTimeout(Duration.ofSeconds(2)));
        } finally {
            if (!cancel.cancel(false)) {
                awaitDone(cancel);
            }
            Thread.interrupted();
        }
    }

    private static void awaitDone(Future<?> cancel) {
        try {
            cancel.get();
        } catch (InterruptedException | ExecutionException e) {
            // The interrupt is the one that was asked for.
        }
    }

    private static String outcome(Optional<Lease> lease) {
        return lease.isPresent() ? "ok" : "fail timeout";
    }

    private void hold(TestKey key, Lease lease) throws InterruptedException {
        try (lease) {
            lease.onLost(loss -> context.recorder()
                    .add(Draft.of(EventType.LOST, name)
                            .key(key.name())
                            .token(lease.token())
                            .text(loss.reason().name())));
            context.tokens().add(key, lease.token());
            if (key.limit() == 1) {
                criticalSection(key, lease.token());
            } else {
                context.stop().pause(random.nextLong(ProtocolWorker.MORE_SLOTS));
                longPause(1);
            }
            if (random.nextInt(20) == 0) {
                operations.run("renew", key, false, done -> "ok", () -> {
                    lease.renew();
                    return true;
                });
            }
            if (random.nextInt(20) != 0) {
                operations.run("release", key, false, ours -> ours ? "ok" : "fail over", () -> lease.release());
            }
        }
    }

    /** Reads, takes its time, and writes: without mutual exclusion an update is lost. */
    private void criticalSection(TestKey key, String token) throws InterruptedException {
        context.recorder().add(Draft.of(EventType.ENTER, name).key(key.name()).token(token));
        long read = key.counter().get();
        try {
            context.stop().pause(random.nextLong(3 * MILLI));
            longPause(2);
        } finally {
            key.counter().set(read + 1);
            context.recorder()
                    .add(Draft.of(EventType.EXIT, name)
                            .key(key.name())
                            .token(token)
                            .value(read + 1));
        }
    }

    private void longPause(int thousandths) throws InterruptedException {
        if (context.settings().faults().contains(FaultKind.PAUSE) && random.nextInt(1000) < thousandths) {
            long nanos = random.nextLong(context.settings().lease().longest() * 1500 * MILLI);
            context.figures().fault(FaultKind.PAUSE.word());
            context.recorder()
                    .add(Draft.of(EventType.FAULT, name)
                            .text(FaultKind.PAUSE.word())
                            .value(nanos));
            context.stop().pause(nanos);
        }
    }
}

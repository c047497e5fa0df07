package io.dflockd.chaos.simulation;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdException;
import io.dflockd.client.DistributedLock;
import io.dflockd.client.Enqueued;
import io.dflockd.client.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One application: takes and gives back locks through the real client, as its choices have it, and records what it was told. */
final class SimulatedClient {

    private final Scheduler scheduler;
    private final Recorder recorder;
    private final String name;
    private final DflockdClient client;
    private final List<DistributedLock> locks;
    private final Map<String, Long> counters;
    private final List<Lease> left = new ArrayList<>();
    private long op;

    SimulatedClient(
            Scheduler scheduler,
            Recorder recorder,
            String name,
            DflockdClient client,
            List<DistributedLock> locks,
            Map<String, Long> counters) {
        this.scheduler = scheduler;
        this.recorder = recorder;
        this.name = name;
        this.client = client;
        this.locks = locks;
        this.counters = counters;
    }

    void run(int operations) {
        for (int i = 0; i < operations; i++) {
            DistributedLock lock = locks.get(draw(locks.size()));
            if (draw(3) == 0) {
                lock = lock.withoutRenewal();
            }
            op = recorder.nextOperation();
            if (draw(3) == 0) {
                enqueue(lock);
            } else {
                acquire(lock);
            }
            pause(500);
        }
        left.forEach(this::end);
        client.close();
    }

    private void acquire(DistributedLock lock) {
        Duration timeout = Duration.ofMillis((long) draw(2) * draw(4_000));
        record(EventType.INVOKE, "acquire " + timeout.toMillis() + " ms", lock.key());
        try {
            Optional<Lease> lease = lock.tryAcquire(timeout);
            if (lease.isPresent()) {
                record(EventType.RETURN, "ok", lock.key(), lease.get().token());
                hold(lease.get());
            } else {
                record(EventType.RETURN, "fail: timeout", lock.key());
            }
        } catch (DflockdException e) {
            record(EventType.RETURN, "unknown: " + e.getClass().getSimpleName(), lock.key());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts here", e);
        }
    }

    private void enqueue(DistributedLock lock) {
        record(EventType.INVOKE, "enqueue", lock.key());
        try (Enqueued place = lock.enqueue()) {
            record(EventType.RETURN, "ok: " + place.status(), lock.key());
            pause(2_000);
            op = recorder.nextOperation();
            record(EventType.INVOKE, "await", lock.key());
            Optional<Lease> lease = place.await(Duration.ofMillis(draw(4_000)));
            record(EventType.RETURN, lease.isPresent() ? "ok" : "fail: " + place.status(), lock.key());
            lease.ifPresent(this::hold);
        } catch (DflockdException e) {
            record(EventType.RETURN, "unknown: " + e.getClass().getSimpleName(), lock.key());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts here", e);
        }
    }

    private void hold(Lease lease) {
        lease.onLost(lost -> record(EventType.LOST, lost.reason().toString(), lease.key(), lease.token()));
        visit(lease);
        if (draw(8) == 0) {
            left.add(lease);
        } else {
            end(lease);
        }
    }

    /** The critical section: reads the key's counter, takes its time, and writes it back if the lease is still held. */
    private void visit(Lease lease) {
        recorder.add(Draft.of(EventType.ENTER, name).key(lease.key()).token(lease.token()));
        long counter = counters.getOrDefault(lease.key(), 0L);
        pause(2_500);
        if (lease.isHeld()) {
            counters.put(lease.key(), counter + 1);
        }
        recorder.add(Draft.of(EventType.EXIT, name)
                .key(lease.key())
                .token(lease.token())
                .value(counters.getOrDefault(lease.key(), 0L)));
    }

    private void end(Lease lease) {
        op = recorder.nextOperation();
        record(EventType.INVOKE, "release", lease.key(), lease.token());
        try {
            record(EventType.RETURN, lease.release() ? "ok" : "fail: lost", lease.key(), lease.token());
        } catch (DflockdException e) {
            record(EventType.RETURN, "unknown: " + e.getClass().getSimpleName(), lease.key(), lease.token());
        }
    }

    private int draw(int bound) {
        return scheduler.choices().draw(name, bound);
    }

    private void pause(int maxMillis) {
        scheduler.park(scheduler.now() + draw(maxMillis) * 1_000_000L);
    }

    private void record(EventType type, String text, String key) {
        recorder.add(Draft.of(type, name).op(op).key(key).text(text));
    }

    private void record(EventType type, String text, String key, String token) {
        recorder.add(Draft.of(type, name).op(op).key(key).token(token).text(text));
    }
}

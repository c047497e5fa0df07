package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdException;
import io.dflockd.client.ServerStats;
import io.dflockd.client.ServerStats.LockStats;
import io.dflockd.client.ServerStats.SemaphoreStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * What a server says of itself by {@code stats}, which is all that can be known of one that is no fake. Each answer is of one moment.
 *
 * @param client holds nothing, and is used for nothing else
 */
record Probe(DflockdClient client) {

    private static final long LOOK = Duration.ofMillis(5).toNanos();

    /** A question to the server. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws InterruptedException;
    }

    /** A test may have left its thread interrupted: that is put aside meanwhile. */
    private static <T> T ask(Question<T> question) {
        boolean interrupted = Thread.interrupted();
        try {
            return question.ask();
        } catch (InterruptedException e) {
            interrupted = true;
            throw new IllegalStateException("interrupted while the server was asked", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ServerStats stats() {
        return ask(() -> client.stats().get(0));
    }

    /**
     * Looks whether there is anybody.
     *
     * @throws DflockdException if there is not
     */
    void ping() {
        ask(() -> {
            client.ping();
            return true;
        });
    }

    /**
     * The slots that are held and the places in queues, each with how to say it.
     *
     * @throws DflockdException if it does not answer, or is too old to know {@code stats}
     */
    Map<Object, String> taken() {
        Map<Object, String> taken = new LinkedHashMap<>();
        ServerStats stats = stats();
        for (LockStats lock : stats.locks()) {
            if (lock.ownerConnection() != 0) {
                taken.put(
                        List.of(lock.key(), lock.ownerConnection()),
                        "'" + lock.key() + "' is still held by connection " + lock.ownerConnection()
                                + " of the server: close the lease, best with try (...)");
            }
            addWaiters(taken, lock.key(), lock.waiters());
        }
        for (SemaphoreStats semaphore : stats.semaphores()) {
            for (long i = 1; i <= semaphore.holders(); i++) {
                taken.put(
                        List.of(semaphore.key(), i),
                        "a slot of '" + semaphore.key() + "' is still held: close the lease, best with try (...)");
            }
            addWaiters(taken, semaphore.key(), semaphore.waiters());
        }
        return taken;
    }

    private static void addWaiters(Map<Object, String> taken, String key, long waiters) {
        for (long i = 1; i <= waiters; i++) {
            taken.put(
                    List.of(key, "waiter", i),
                    "somebody still waits for '" + key + "': close the place in the queue, best with try (...)");
        }
    }

    /**
     * The keys that are held or waited for.
     *
     * @throws DflockdException if it does not answer, or is too old to know {@code stats}
     */
    Set<String> keys() {
        ServerStats stats = stats();
        Set<String> keys = new TreeSet<>();
        stats.locks().forEach(lock -> keys.add(lock.key()));
        stats.semaphores().forEach(semaphore -> keys.add(semaphore.key()));
        return keys;
    }

    /**
     * Waits until nobody holds or waits for any key but these.
     *
     * @return the keys that were not free within the limit
     * @throws DflockdException if the server does not answer, or is too old to know {@code stats}
     */
    Set<String> awaitFree(Set<String> but, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Set<String> taken = keys();
            taken.removeAll(but);
            if (taken.isEmpty() || end - System.nanoTime() < 0) {
                return taken;
            }
            LockSupport.parkNanos(LOOK);
        }
    }

    /** What it says, for a reader who was not there. */
    List<String> story() {
        List<String> lines = new ArrayList<>();
        try {
            ServerStats stats = stats();
            lines.add("connections: " + stats.connections() + ", one of them asks this");
            stats.locks()
                    .forEach(lock ->
                            lines.add(lock.key() + ": held by " + owner(lock) + ", " + lock.waiters() + " waiting"));
            stats.semaphores()
                    .forEach(one -> lines.add(one.key() + ": " + one.holders() + " of " + one.limit() + " slots held, "
                            + one.waiters() + " waiting"));
        } catch (DflockdException | IllegalStateException e) {
            lines.add("it does not tell: " + e.getMessage());
        }
        return lines;
    }

    private static String owner(LockStats lock) {
        return lock.ownerConnection() == 0
                ? "nobody"
                : "connection " + lock.ownerConnection() + " for "
                        + lock.leaseExpiresIn().toSeconds() + " s more";
    }
}

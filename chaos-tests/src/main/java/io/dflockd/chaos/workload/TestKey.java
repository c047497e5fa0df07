package io.dflockd.chaos.workload;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A key of the run.
 *
 * @param semaphore whether it is used as a semaphore; a key is used in one way only, since V2 keeps two key spaces
 * @param limit 1 for locks
 * @param counter what the critical section changes by a read and a write (P17)
 */
record TestKey(String name, boolean semaphore, int limit, AtomicLong counter) {

    static TestKey lock(String name) {
        return new TestKey(name, false, 1, new AtomicLong());
    }

    static TestKey semaphore(String name, int limit) {
        return new TestKey(name, true, limit, new AtomicLong());
    }
}

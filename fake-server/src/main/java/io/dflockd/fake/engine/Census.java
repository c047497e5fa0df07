package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.ServerStats;
import io.dflockd.fake.protocol.ServerStats.HeldLock;
import io.dflockd.fake.protocol.ServerStats.HeldSemaphore;
import io.dflockd.fake.protocol.ServerStats.IdleKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Counts who holds and who waits (PROTOCOL.md section 5). */
final class Census {

    private Census() {}

    /** What the server would say of itself now. Leases that are over and still unnoticed have 0 seconds left. */
    static ServerStats of(int connections, Collection<KeyState> keys, long now) {
        List<HeldLock> locks = new ArrayList<>();
        List<HeldSemaphore> semaphores = new ArrayList<>();
        List<IdleKey> idleLocks = new ArrayList<>();
        List<IdleKey> idleSemaphores = new ArrayList<>();
        for (KeyState state : keys) {
            boolean isLock = state.limit == 1;
            if (state.holders.isEmpty()) {
                (isLock ? idleLocks : idleSemaphores).add(new IdleKey(state.key, now - state.idleSince));
            } else if (isLock) {
                Holder holder = state.holders.values().iterator().next();
                long left = Math.max(0, holder.deadline - now);
                locks.add(new HeldLock(state.key, holder.connection.number, left, state.queue.size()));
            } else {
                semaphores.add(new HeldSemaphore(state.key, state.limit, state.holders.size(), state.queue.size()));
            }
        }
        return new ServerStats(connections, locks, semaphores, idleLocks, idleSemaphores);
    }
}

package io.dflockd.client.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees a slot over a connection of its own, where closing the one it was granted on does not; tries until the lease is over anyway. */
final class Freeing extends LaneTask {

    private static final Logger LOG = LoggerFactory.getLogger(Freeing.class);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Shard shard;
    private final LockOptions lock;
    private final String token;
    private final long until;

    Freeing(Shard shard, LockOptions lock, String token, long until) {
        this.shard = shard;
        this.lock = lock;
        this.token = token;
        this.until = until;
    }

    @Override
    void run() {
        long limit = shard.now() + shard.options().responseTimeout();
        Request release = lock.writer().release(lock.key(), token);
        try {
            Connection connection = shard.pool().fresh(limit - shard.now());
            shard.pool().putAfterRelease(connection, connection.exchange(release, limit));
        } catch (IOException e) {
            LOG.debug("the slot of '{}' at {} is not freed yet: {}", lock.key(), shard.server(), e.toString());
            long next = shard.now() + PAUSE;
            if (next - until < 0) {
                shard.lane().schedule(this, next);
            }
        }
    }

    @Override
    boolean runBriefly() {
        return !runsAgain();
    }

    @Override
    boolean runsAgain() {
        return shard.now() - until < 0;
    }
}

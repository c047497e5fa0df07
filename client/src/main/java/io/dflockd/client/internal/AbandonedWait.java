package io.dflockd.client.internal;

import io.dflockd.client.Reply;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rest of an acquire or await whose caller has gone: takes the late answer, and gives back at once what was granted after all (DESIGN rule 6). */
final class AbandonedWait extends LaneTask {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedWait.class);

    private final Shard shard;
    private final LockOptions lock;
    private final Connection connection;
    private final long limit;

    /**
     * Takes over a connection.
     *
     * @param limit when the answer must have come at the latest
     */
    AbandonedWait(Shard shard, LockOptions lock, Connection connection, long limit) {
        this.shard = shard;
        this.lock = lock;
        this.connection = connection;
        this.limit = limit;
    }

    @Override
    boolean waits() {
        return true;
    }

    @Override
    void run() {
        try {
            if (connection.receive(limit) instanceof Reply.Granted granted) {
                release(granted);
            } else {
                shard.pool().put(connection);
            }
        } catch (IOException e) {
            LOG.debug("given up waiting for '{}' at {}: {}", lock.key(), shard.server(), e.toString());
            connection.close();
        }
    }

    private void release(Reply.Granted granted) throws IOException {
        Request release = lock.writer().release(lock.key(), granted.token());
        long until = shard.now() + shard.options().responseTimeout();
        try {
            shard.pool().putAfterRelease(connection, connection.exchange(release, until));
        } catch (IOException e) {
            shard.free(lock, granted.token(), granted.leaseSeconds());
            throw e;
        }
    }

    /** Whoever could wait does so for other connections; closing this one is the other way to be sure that nothing stays held. */
    @Override
    boolean runBriefly() {
        connection.close();
        return true;
    }

    @Override
    boolean runsAgain() {
        connection.close();
        return false;
    }

    @Override
    void clientClosed() {
        connection.close();
    }
}

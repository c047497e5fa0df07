package io.dflockd.chaos.history;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.RunningThread;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;
import java.util.concurrent.locks.Lock;

/**
 * The world of a client, with every connection's requests and replies recorded on the way through: the client knows nothing of it, and its background renewals
 * are recorded as well as what the application asked for.
 */
public final class RecordingRuntime implements ClientRuntime {

    private final ClientRuntime world;
    private final Recorder recorder;
    private final String actor;

    /** @param actor the client's name in the history */
    public RecordingRuntime(ClientRuntime world, Recorder recorder, String actor) {
        this.world = world;
        this.recorder = recorder;
        this.actor = actor;
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        Transport transport = world.connect(server, timeoutNanos);
        long conn = recorder.nextConnection();
        recorder.add(Draft.of(EventType.OPEN, actor).conn(conn).text(server.toString()));
        return new RecordingTransport(transport, recorder, actor, conn);
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public RunningThread startThread(String name, Runnable body) {
        return world.startThread(name, body);
    }

    @Override
    public Lock newLock() {
        return world.newLock();
    }

    @Override
    public double random() {
        return world.random();
    }
}

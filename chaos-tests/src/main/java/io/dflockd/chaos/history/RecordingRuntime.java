package io.dflockd.chaos.history;

import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import java.io.IOException;

/**
 * The world of a client, with every connection's requests and replies recorded on the way through: the client knows nothing of it, and its background renewals
 * are recorded as well as what the application asked for.
 */
public final class RecordingRuntime extends ForwardingRuntime {

    private final Recorder recorder;
    private final String actor;

    /** @param actor the client's name in the history */
    public RecordingRuntime(ClientRuntime world, Recorder recorder, String actor) {
        super(world);
        this.recorder = recorder;
        this.actor = actor;
    }

    @Override
    public Transport connect(ServerAddress server, long timeoutNanos) throws IOException {
        Transport transport = super.connect(server, timeoutNanos);
        long conn = recorder.nextConnection();
        recorder.add(Draft.of(EventType.OPEN, actor).conn(conn).text(server.toString()));
        return new RecordingTransport(transport, recorder, actor, conn);
    }
}

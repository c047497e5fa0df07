package io.dflockd.chaos.history;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;

/**
 * Records the engine's events as the server's truth. They keep the engine's time, which must be the recorder's clock; since it was taken a little before the
 * event is recorded, a server event may be older than the client event before it.
 */
public final class EngineRecorder implements EventSink {

    private final Recorder recorder;

    public EngineRecorder(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void accept(EngineEvent event) {
        recorder.add(draft(event).time(event.at()));
    }

    private static Draft draft(EngineEvent event) {
        if (event instanceof EngineEvent.Granted e) {
            return grantOf(EventType.GRANT, e.conn(), e.key(), e.token(), e.deadline())
                    .op(e.place())
                    .limit(e.limit())
                    .value(e.grantNo());
        }
        if (event instanceof EngineEvent.Replied e) {
            return reply(e);
        }
        if (event instanceof EngineEvent.Released e) {
            return grantOf(EventType.RELEASE, e.conn(), e.key(), e.token(), 0);
        }
        if (event instanceof EngineEvent.Enqueued e) {
            return placeOf(EventType.ENQUEUE, e.conn(), e.key(), e.place())
                    .limit(e.limit())
                    .deadline(e.deadline() == Long.MAX_VALUE ? 0 : e.deadline())
                    .text(e.blocked() ? "blocked" : "queued");
        }
        if (event instanceof EngineEvent.Dropped e) {
            return placeOf(EventType.DROP, e.conn(), e.key(), e.place()).text(e.cause());
        }
        if (event instanceof EngineEvent.Renewed e) {
            return grantOf(EventType.RENEW, e.conn(), e.key(), e.token(), e.deadline());
        }
        if (event instanceof EngineEvent.Rearmed e) {
            return grantOf(EventType.REARM, e.conn(), e.key(), e.token(), e.deadline());
        }
        if (event instanceof EngineEvent.AwaitBegan e) {
            return placeOf(EventType.AWAIT, e.conn(), e.key(), e.place()).deadline(e.deadline());
        }
        return rareDraft(event);
    }

    private static Draft rareDraft(EngineEvent event) {
        if (event instanceof EngineEvent.Expired e) {
            return grantOf(EventType.EXPIRE, 0, e.key(), e.token(), 0).text(e.forced() ? "forced" : "over");
        }
        if (event instanceof EngineEvent.Revoked e) {
            return grantOf(EventType.REVOKE, e.conn(), e.key(), e.token(), 0).text(e.cause());
        }
        if (event instanceof EngineEvent.Rejected e) {
            return server(EventType.REJECT, e.conn())
                    .key(e.key().toString())
                    .text(e.status().word());
        }
        if (event instanceof EngineEvent.Connected e) {
            return server(EventType.CONNECT, e.conn());
        }
        if (event instanceof EngineEvent.Disconnected e) {
            return server(EventType.DISCONNECT, e.conn());
        }
        throw new IllegalStateException("no event type for " + event + ": add it to EngineRecorder");
    }

    private static Draft reply(EngineEvent.Replied event) {
        Draft draft = server(EventType.REPLY, event.conn());
        if (event.reply() instanceof Reply.Granted granted) {
            return draft.token(granted.token()).text("ok " + granted.token() + " " + granted.leaseSeconds());
        }
        if (event.reply() instanceof Reply.Acquired acquired) {
            return draft.token(acquired.token()).text("acquired " + acquired.token() + " " + acquired.leaseSeconds());
        }
        if (event.reply() instanceof Reply.Renewed renewed) {
            return draft.text("ok " + renewed.seconds());
        }
        if (event.reply() instanceof Reply.Refused refused) {
            return draft.text(refused.status().word());
        }
        if (event.reply() instanceof Reply.Queued) {
            return draft.text("queued");
        }
        return draft.text(event.reply() instanceof Reply.TimedOut ? "timeout" : "ok");
    }

    private static Draft grantOf(EventType type, long conn, Key key, String token, long deadline) {
        return server(type, conn).key(key.toString()).token(token).deadline(deadline);
    }

    private static Draft placeOf(EventType type, long conn, Key key, long place) {
        return server(type, conn).key(key.toString()).op(place);
    }

    private static Draft server(EventType type, long conn) {
        return Draft.of(type, "server").conn(conn);
    }
}

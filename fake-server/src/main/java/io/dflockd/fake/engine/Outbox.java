package io.dflockd.fake.engine;

import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.ArrayList;
import java.util.List;

/** Replies that are decided and not yet taken, and the events that tell of them. */
final class Outbox {

    private final EventSink events;
    private final Profile profile;
    private List<Delivery> deliveries = new ArrayList<>();

    Outbox(EventSink events, Profile profile) {
        this.events = events;
        this.profile = profile;
    }

    void event(EngineEvent event) {
        events.accept(event);
    }

    void reply(ConnectionState connection, Reply reply, long now) {
        connection.blocked = false;
        events.accept(new EngineEvent.Replied(now, connection.number, reply));
        deliveries.add(new Delivery(connection.number, reply));
    }

    void refuse(ConnectionState connection, Key key, Status reason, long now) {
        Status status = profile.says(reason);
        events.accept(new EngineEvent.Rejected(now, connection.number, key, status));
        reply(connection, new Reply.Refused(status), now);
    }

    /** What was decided since the last time. */
    List<Delivery> take() {
        if (deliveries.isEmpty()) {
            return List.of();
        }
        List<Delivery> taken = deliveries;
        deliveries = new ArrayList<>();
        return taken;
    }
}

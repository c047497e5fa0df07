package io.dflockd.fake.journal;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.protocol.Key;
import java.util.Optional;

/** What the engine's events have in common. */
final class Events {

    private Events() {}

    /** The key that it is about, if any. */
    static Optional<Key> key(EngineEvent event) {
        if (event instanceof EngineEvent.Granted e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Released e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Expired e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Revoked e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Renewed e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Rearmed e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Enqueued e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.AwaitBegan e) {
            return Optional.of(e.key());
        } else if (event instanceof EngineEvent.Dropped e) {
            return Optional.of(e.key());
        }
        return event instanceof EngineEvent.Rejected e ? Optional.of(e.key()) : Optional.empty();
    }
}

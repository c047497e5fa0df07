package io.dflockd.fake.engine;

/** Takes the engine's events, one after the other, in the engine's own step: it must be quick and must not call the engine. */
@FunctionalInterface
public interface EventSink {

    /** Wants to know nothing. */
    EventSink NONE = new EventSink() {
        @Override
        public void accept(EngineEvent event) {}
    };

    void accept(EngineEvent event);
}

package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.fault.FaultSink;

/** What users want to be told, kept from hurting the server in its midst: what they throw is logged, and the server goes on. */
final class GuardedSinks {

    private GuardedSinks() {}

    static EventSink events(EventSink sink) {
        return event -> {
            try {
                sink.accept(event);
            } catch (RuntimeException | AssertionError e) {
                LOG.error("the event sink (FakeOptions.withEvents) failed; the server goes on", e);
            }
        };
    }

    static FaultSink faults(FaultSink sink) {
        return event -> {
            try {
                sink.accept(event);
            } catch (RuntimeException | AssertionError e) {
                LOG.error("the sink of faults (FakeOptions.withFaultEvents) failed; the server goes on", e);
            }
        };
    }
}

package io.dflockd.fake.server;

import static io.dflockd.fake.server.ServerLog.LOG;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.FaultSink;

/** What users want to be told, kept from hurting the server in its midst: what they throw is logged, and the server goes on. */
final class GuardedSinks implements EventSink, FaultSink {

    private final EventSink events;
    private final FaultSink faults;

    GuardedSinks(FakeOptions options) {
        events = options.events();
        faults = options.faultEvents();
    }

    @Override
    public void accept(EngineEvent event) {
        try {
            events.accept(event);
        } catch (RuntimeException | AssertionError e) {
            LOG.error("the event sink (FakeOptions.withEvents) failed; the server goes on", e);
        }
    }

    @Override
    public void accept(FaultEvent event) {
        try {
            faults.accept(event);
        } catch (RuntimeException | AssertionError e) {
            LOG.error("the sink of faults (FakeOptions.withFaultEvents) failed; the server goes on", e);
        }
    }
}

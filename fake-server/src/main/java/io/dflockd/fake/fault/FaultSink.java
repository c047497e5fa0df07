package io.dflockd.fake.fault;

/** Is told of every fault that strikes, before its effect, under the server's lock: it must be quick and must not call the server. */
@FunctionalInterface
public interface FaultSink {

    /** Wants to know nothing. */
    FaultSink NONE = new FaultSink() {
        @Override
        public void accept(FaultEvent event) {}
    };

    void accept(FaultEvent event);
}

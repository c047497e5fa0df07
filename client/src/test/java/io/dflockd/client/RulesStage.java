package io.dflockd.client;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import org.junit.jupiter.api.AfterEach;

/** A server, a client of it whose clock can jump, and the losses that it tells; all of it is closed after the test. */
class RulesStage {

    final SkewedRuntime runtime = new SkewedRuntime();
    final LossLog log = new LossLog();
    final FakeDflockdServer server;
    final DflockdClient client;

    RulesStage() {
        this(FakeOptions.defaults());
    }

    RulesStage(FakeOptions options) {
        server = FakeDflockdServer.start(options);
        client = clientOf(server.address());
    }

    @AfterEach
    final void close_both() {
        client.close();
        server.close();
    }

    /** A client of any server, with this stage's clock. */
    final DflockdClient clientOf(String address) {
        return builder(address).build();
    }

    /** What {@link #clientOf} makes its clients with; also called by the constructor. */
    DflockdClientBuilder builder(String address) {
        return DflockdClient.builder().servers(address).runtime(runtime);
    }
}

package io.dflockd.client.failure;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Lease;
import io.dflockd.client.LossLog;
import io.dflockd.client.SkewedRuntime;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.util.Optional;
import java.util.function.Consumer;

/** A fake server and one client of it, whose clock can jump and whose losses are noted. */
final class Stage implements AutoCloseable {

    final SkewedRuntime runtime = new SkewedRuntime();
    final LossLog log = new LossLog();
    final FakeDflockdServer server;
    final DflockdClient client;

    private Stage(FakeOptions options, Consumer<DflockdClientBuilder> settings) {
        server = FakeDflockdServer.start(options);
        DflockdClientBuilder builder =
                DflockdClient.builder().servers(server.address()).runtime(runtime);
        settings.accept(builder);
        client = builder.build();
    }

    static Stage open() {
        return open(FakeOptions.defaults());
    }

    static Stage open(FakeOptions options) {
        return open(options, builder -> {});
    }

    static Stage open(FakeOptions options, Consumer<DflockdClientBuilder> settings) {
        return new Stage(options, settings);
    }

    /** Waits until the server knows of nobody who holds or waits: whatever went wrong has left nothing behind. */
    void awaitNothingHeld() {
        await().atMost(ofSeconds(10)).untilAsserted(() -> server.verify().noLeaks());
    }

    /** The client is as good as new: it acquires and releases. */
    void assertServes(String key) throws InterruptedException {
        Optional<Lease> lease = client.lock(key).tryAcquire(ofSeconds(5));
        assertThat(lease.map(Lease::release)).contains(true);
    }

    /** Waits until so many places are queued. */
    void awaitQueued(int places) {
        await().atMost(ofSeconds(10)).until(() -> server.state().queued().size() == places);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

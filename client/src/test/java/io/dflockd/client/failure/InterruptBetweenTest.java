package io.dflockd.client.failure;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.client.Background;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdConnection;
import io.dflockd.client.Enqueued;
import io.dflockd.client.ForwardingRuntime;
import io.dflockd.client.ForwardingTransport;
import io.dflockd.client.Lease;
import io.dflockd.client.spi.ClientRuntime;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.client.spi.Transport;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt between the steps of an acquire, where no I/O blocks: it is an interrupt all the same, and no broken connection. */
@Timeout(60)
class InterruptBetweenTest {

    private static final String SECRET = "open-sesame";

    @SuppressWarnings("NullAway.Init") // set by start
    private FakeDflockdServer server;

    @SuppressWarnings("NullAway.Init")
    private Interrupting runtime;

    @AfterEach
    void close() {
        server.close();
    }

    /** The looks are: before the secret is sent, before the request. */
    @ParameterizedTest
    @CsvSource({"false, 1", "false, 2", "true, 1", "true, 2"})
    void interrupt_between_connecting_and_the_request(boolean tls, int look) {
        try (DflockdClient client = start(tls)) {
            runtime.interruptAt(look);
            assertInterrupted(() -> client.lock("orders").acquire());
        }
        server.close();
        try (DflockdClient client = start(tls)) {
            runtime.interruptAt(look);
            assertInterrupted(() -> client.lock("orders").enqueue());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interrupt_before_a_pooled_connection_is_used_again(boolean tls) throws Exception {
        try (DflockdClient client = start(tls)) {
            client.lock("orders").acquire().close();
            runtime.interruptAt(1);
            assertInterrupted(() -> client.lock("orders").acquire());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interrupt_between_the_grant_and_its_confirmation(boolean tls) throws Exception {
        try (DflockdClient client = start(tls)) {
            Lease lease = client.lock("orders").withLease(ofMinutes(10)).acquire();
            Enqueued place = client.lock("orders").withLease(ofMinutes(10)).enqueue();
            assertThat(lease.release()).isTrue();
            runtime.interruptAt(2);
            assertInterrupted(() -> place.await(ofSeconds(20)));
            assertThat(place.status()).isEqualTo(Enqueued.Status.LOST);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void interrupt_before_a_request_of_the_low_level(boolean tls) throws Exception {
        start(tls).close();
        ServerAddress address = ServerAddress.parse(server.address());
        try (DflockdConnection connection = DflockdConnection.open(runtime, address, ofSeconds(5), ofSeconds(5))) {
            connection.authenticate(SECRET);
            runtime.interruptAt(1);
            assertInterrupted(() -> connection.acquire("orders", 20));
        }
    }

    private DflockdClient start(boolean tls) {
        FakeOptions options = FakeOptions.defaults().withAuthToken(SECRET);
        server = FakeDflockdServer.start(tls ? options.withTls() : options);
        runtime = new Interrupting(
                tls
                        ? DflockdClientBuilder.systemRuntime(server.clientSslContext())
                        : DflockdClientBuilder.systemRuntime());
        return DflockdClient.builder()
                .servers(server.address())
                .runtime(runtime)
                .secret(() -> SECRET)
                .build();
    }

    private void assertInterrupted(Callable<?> call) {
        Background<?> caller = Background.start(call);
        assertThat(caller.failure()).isInstanceOf(InterruptedException.class);
        assertThat(caller.interruptedAfter()).isFalse();
        Afterwards.nobodyHolds(server, "orders");
    }

    /** The JDK's world, where whoever looks whether a connection is quiet is interrupted just before, at the n-th look from now on. */
    private static final class Interrupting extends ForwardingRuntime {

        private final AtomicInteger looksLeft = new AtomicInteger();

        Interrupting(ClientRuntime real) {
            super(real);
        }

        void interruptAt(int look) {
            looksLeft.set(look);
        }

        @Override
        public Transport connect(ServerAddress address, long timeoutNanos) throws IOException {
            return new ForwardingTransport(super.connect(address, timeoutNanos)) {
                @Override
                public boolean isQuiet() {
                    if (looksLeft.getAndDecrement() == 1) {
                        Thread.currentThread().interrupt();
                    }
                    return super.isQuiet();
                }
            };
        }
    }
}

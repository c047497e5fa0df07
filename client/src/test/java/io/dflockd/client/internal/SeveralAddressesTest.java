package io.dflockd.client.internal;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.client.ConnectionException;
import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.Lease;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One name with several addresses behind it, some of them dead: they are tried one after another within the connect timeout. */
@Timeout(60)
class SeveralAddressesTest {

    @Test
    void dead_address_before_a_live_one_is_passed_over() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = client(server, Optional.empty(), "127.0.0.2", "::1", "127.0.0.1")) {
            assertServes(client);
        }
    }

    @Test
    void silent_address_before_a_live_one_takes_only_its_share_of_the_connect_timeout() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                FakeDflockdServer silent = FakeDflockdServer.start(at("127.0.0.2", server));
                DflockdClient client = client(server, Optional.empty(), "127.0.0.2", "127.0.0.1")) {
            silent.blackholeConnections();
            assertServes(client);
        }
    }

    @Test
    void address_that_stalls_in_the_tls_handshake_takes_only_its_share_of_the_connect_timeout() throws Exception {
        try (FakeDflockdServer server =
                        FakeDflockdServer.start(FakeOptions.defaults().withTls());
                FakeDflockdServer stalled =
                        FakeDflockdServer.start(at("127.0.0.2", server).withTls());
                DflockdClient client =
                        client(server, Optional.of(server.clientSslContext()), "127.0.0.2", "127.0.0.1")) {
            FaultHandle stall = stalled.on(Trigger.anyCommand())
                    .at(Phase.ON_TLS_HANDSHAKE)
                    .then(Effect.stall())
                    .always();
            assertServes(client);
            assertThat(stall.fired()).isPositive();
        }
    }

    @Test
    void name_whose_addresses_are_all_dead_is_a_connection_exception_that_knows_each() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                DflockdClient client = client(server, Optional.empty(), "127.0.0.2", "127.0.0.3", "::1")) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("localhost:" + server.port())
                    .satisfies(thrown -> assertThat(
                                    Objects.requireNonNull(thrown.getCause()).getSuppressed())
                            .as("what became of the other two")
                            .hasSize(2)
                            .allMatch(earlier -> earlier instanceof IOException));
        }
    }

    @Test
    void name_whose_addresses_are_all_silent_costs_no_more_than_the_acquire_timeout() throws Exception {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                FakeDflockdServer other = FakeDflockdServer.start(at("127.0.0.2", server));
                DflockdClient client = client(server, Optional.empty(), "127.0.0.2", "127.0.0.1")) {
            server.blackholeConnections();
            other.blackholeConnections();
            assertThat(client.lock("orders").tryAcquire(Duration.ofMillis(300))).isEmpty();
        }
    }

    @Test
    void name_without_any_address_is_a_connection_exception() {
        JdkRuntime runtime = new JdkRuntime(Optional.empty(), host -> {
            throw new UnknownHostException(host);
        });
        try (DflockdClient client = DflockdClient.builder()
                .servers("nowhere.example")
                .runtime(runtime)
                .build()) {
            assertThatThrownBy(() -> client.lock("orders").acquire())
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("nowhere.example:6388")
                    .hasMessageContaining("the host is unknown");
        }
    }

    private static void assertServes(DflockdClient client) throws InterruptedException {
        assertThat(client.lock("orders").tryAcquire(ofSeconds(20)).map(Lease::release))
                .contains(true);
    }

    private static FakeOptions at(String host, FakeDflockdServer server) {
        return FakeOptions.defaults().withHost(host).withPort(server.port());
    }

    private static DflockdClient client(FakeDflockdServer server, Optional<SSLContext> trust, String... addresses) {
        JdkRuntime runtime = new JdkRuntime(trust, host -> {
            assertThat(host).isEqualTo("localhost");
            InetAddress[] behind = new InetAddress[addresses.length];
            for (int i = 0; i < behind.length; i++) {
                behind[i] = InetAddress.getByName(addresses[i]);
            }
            return behind;
        });
        DflockdClientBuilder builder = DflockdClient.builder()
                .servers("localhost:" + server.port())
                .runtime(runtime)
                .connectTimeout(ofSeconds(9));
        return builder.build();
    }
}

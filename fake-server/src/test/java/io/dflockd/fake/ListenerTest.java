package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.latency;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What newcomers see of a port that is closed, opened again, or filled, and what the others see of it: nothing. */
@Timeout(60)
class ListenerTest {

    @Test
    void newcomers_are_refused_and_the_others_live_on() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient old = new RawClient(server)) {
            String token = old.token("orders");

            server.refuseConnections();

            assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
            assertThat(old.ask("n", "orders", token)).isEqualTo("ok 33");

            server.acceptConnections();

            try (RawClient late = new RawClient(server)) {
                assertThat(late.ask("r", "orders", token)).isEqualTo("ok");
            }
        }
    }

    @Test
    void it_opens_and_closes_at_once_and_again_and_again() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            for (int i = 0; i < 200; i++) {
                server.refuseConnections();
                server.refuseConnections();
                assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
                server.acceptConnections();
                server.acceptConnections();
                try (RawClient client = new RawClient(server)) {
                    assertThat(client.token("orders")).hasSize(32);
                }
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a port may not be held beside a listener")
    void nobody_takes_the_port_while_it_is_closed() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                ServerSocket thief = new ServerSocket()) {
            server.refuseConnections();
            thief.setReuseAddress(false);

            assertThatThrownBy(() -> thief.bind(new InetSocketAddress(server.host(), server.port())))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_fault_may_close_the_port_on_the_servers_own_thread() throws IOException {
        AtomicReference<Runnable> onFault = new AtomicReference<>(() -> {});
        FakeOptions options = FakeOptions.defaults()
                .withFaultEvents(event -> requireNonNull(onFault.get()).run());
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient old = new RawClient(server)) {
            assertThat(old.ask("l", "first", "0")).startsWith("ok ");
            onFault.set(server::refuseConnections);
            server.on(acquire()).at(BEFORE_APPLY).then(latency(Duration.ofNanos(1)));

            assertThat(old.token("orders")).hasSize(32);

            assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void the_port_closes_while_the_server_waits_for_its_lock() throws IOException {
        AtomicReference<Runnable> onExpiry = new AtomicReference<>(() -> {});
        FakeOptions options = FakeOptions.defaults()
                .withManualClock()
                .withEvents(event -> requireNonNull(onExpiry.get()).run());
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient old = new RawClient(server)) {
            old.token("orders");
            onExpiry.set(() -> {
                onExpiry.set(() -> {});
                server.refuseConnections();
                assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
                askWithoutWaiting(old);
                server.acceptConnections();
                server.refuseConnections();
            });

            server.clock().advance(Duration.ofSeconds(60));

            assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
            assertThat(old.line()).startsWith("ok ");
        }
    }

    private static void askWithoutWaiting(RawClient client) {
        try {
            client.send("l", "orders", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_reset_opens_the_port() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            server.refuseConnections();

            server.reset();

            try (RawClient client = new RawClient(server)) {
                assertThat(client.token("orders")).hasSize(32);
            }
        }
    }

    @Test
    void a_closed_server_does_not_listen_again() {
        FakeDflockdServer server = FakeDflockdServer.start();
        server.close();

        assertThatThrownBy(server::acceptConnections)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a full queue may refuse")
    void in_a_black_hole_newcomers_hang_and_the_others_live_on() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient old = new RawClient(server)) {
            String token = old.token("orders");

            server.blackholeConnections();
            server.blackholeConnections();

            assertThatThrownBy(() -> connect(server, 500)).isInstanceOf(SocketTimeoutException.class);
            assertThat(old.ask("n", "orders", token)).isEqualTo("ok 33");

            server.acceptConnections();

            try (RawClient late = new RawClient(server)) {
                assertThat(late.ask("l", "orders", "0")).isEqualTo("timeout");
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are counted in /proc")
    void nothing_is_left_open() throws IOException {
        int before = 0;
        for (int i = 0; i < 20; i++) {
            try (FakeDflockdServer server = FakeDflockdServer.start();
                    RawClient client = new RawClient(server)) {
                client.token("orders");
                server.refuseConnections();
                server.acceptConnections();
                server.refuseConnections();
            }
            before = i == 4 ? descriptors().size() : before;
        }

        assertThat(descriptors()).hasSizeLessThanOrEqualTo(before);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "as above")
    void nothing_is_left_open_by_a_black_hole() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            server.blackholeConnections();
            server.acceptConnections();
            int before = descriptors().size();

            server.blackholeConnections();
            assertThat(descriptors().size()).isGreaterThan(before);
            server.acceptConnections();

            assertThat(descriptors()).hasSizeLessThanOrEqualTo(before);
        }
    }

    private static List<String> descriptors() {
        return List.of(Objects.requireNonNull(new File("/proc/self/fd").list()));
    }

    private static void connect(FakeDflockdServer server, int millis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.host(), server.port()), millis);
        }
    }
}

package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FakeDflockdServerTest {

    private static final String TOKEN = "[0-9a-f]{32}";

    @Test
    void grants_renews_and_releases_over_a_socket() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient client = new RawClient(server)) {
            String granted = client.ask("l", "orders", "10 30");
            assertThat(granted).matches("ok " + TOKEN + " 30");
            String token = granted.substring(3, 35);

            assertThat(client.ask("n", "orders", token + " 60")).isEqualTo("ok 60");
            assertThat(client.ask("r", "orders", token)).isEqualTo("ok");
            assertThat(client.ask("r", "orders", token)).isEqualTo("error");
        }
    }

    @Test
    void a_waiter_is_answered_when_the_holder_closes() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            holder.ask("l", "orders", "0");
            assertThat(waiter.ask("e", "orders", "")).isEqualTo("queued");
            waiter.send("w", "orders", "10");

            holder.hangUp();

            assertThat(waiter.line()).matches("ok " + TOKEN + " 33");
        }
    }

    @Test
    void the_manual_clock_answers_blocked_clients_before_advance_returns() throws IOException {
        FakeOptions options = FakeOptions.defaults().withManualClock();
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            holder.ask("l", "orders", "0 30");
            waiter.ask("e", "orders", "20");

            server.clock().advance(Duration.ofSeconds(31));

            assertThat(waiter.ask("w", "orders", "0")).matches("ok " + TOKEN + " 20");
            assertThat(server.clock().nanos()).isEqualTo(Duration.ofSeconds(31).toNanos());
        }
    }

    @Test
    void the_system_clock_is_not_moved_by_hand() {
        try (FakeDflockdServer server = FakeDflockdServer.start()) {
            assertThatThrownBy(() -> server.clock().advance(Duration.ofSeconds(1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("system clock");
        }
    }

    @Test
    void a_port_in_use_is_said_with_the_way_out() {
        try (FakeDflockdServer first = FakeDflockdServer.start()) {
            assertThatThrownBy(
                            () -> FakeDflockdServer.start(FakeOptions.defaults().withPort(first.port())))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + first.port())
                    .hasMessageContaining("choose another");
        }
    }
}

package io.dflockd.fake;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Refusals that are earned: the state agrees with them. What clients see at the socket. */
@Timeout(60)
class ServerLimitsTest {

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void one_key_too_many() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.token("orders");
            server.limits().maxLocks(1);

            assertThat(client.ask("l", "other", "0")).isEqualTo("error_max_locks");
            assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");

            server.limits().maxLocks(2);
            assertThat(client.ask("l", "other", "0")).startsWith("ok ");
        }
    }

    @Test
    void one_waiter_too_many_behind_scripted_ones() throws IOException {
        ScriptedClient holder = server.scriptedClient();
        ScriptedClient waiter = server.scriptedClient();
        try (RawClient client = new RawClient(server)) {
            assertThat(holder.ask("l", "orders", "0")).isPresent();
            assertThat(waiter.ask("l", "orders", "100")).isEmpty();
            server.limits().maxWaiters(1);

            assertThat(client.ask("l", "orders", "5")).isEqualTo("error_max_waiters");

            holder.close();
            assertThat(waiter.reply())
                    .hasValueSatisfying(reply -> assertThat(reply).startsWith("ok "));
            assertThat(client.ask("e", "orders", "")).isEqualTo("queued");
        }
    }

    @Test
    void one_connection_too_many() throws IOException {
        try (RawClient client = new RawClient(server)) {
            client.token("orders");
            server.limits().maxConnections(1);

            try (RawClient refused = new RawClient(server)) {
                assertThat(refused.end()).isEqualTo(RawClient.END);
            }
        }
    }

    @Test
    void a_secret_that_is_rotated_counts_for_newcomers() throws IOException {
        server.limits().authToken("first");
        try (RawClient old = new RawClient(server)) {
            assertThat(old.ask("auth", "", "first")).isEqualTo("ok");

            server.limits().authToken("second");

            assertThat(old.ask("l", "orders", "0")).startsWith("ok ");
            try (RawClient late = new RawClient(server);
                    RawClient good = new RawClient(server)) {
                assertThat(late.ask("auth", "", "first")).isEqualTo("error_auth");
                assertThat(good.ask("auth", "", "second")).isEqualTo("ok");
            }
        }
    }

    @Test
    void without_auto_release_a_closed_holder_keeps_the_key() throws IOException {
        server.limits().autoRelease(false);
        ScriptedClient holder = server.scriptedClient();
        try (RawClient client = new RawClient(server)) {
            assertThat(holder.ask("l", "orders", "0")).isPresent();
            holder.close();

            assertThat(client.ask("l", "orders", "0")).isEqualTo("timeout");
        }
    }

    @Test
    void without_sweeps_a_waiter_waits_though_the_lease_is_over() {
        ScriptedClient holder = server.scriptedClient();
        ScriptedClient waiter = server.scriptedClient();
        assertThat(holder.ask("l", "orders", "0 5")).isPresent();
        assertThat(waiter.ask("l", "orders", "100")).isEmpty();
        server.limits().pauseSweeps();

        server.clock().advance(ofSeconds(50));
        assertThat(waiter.reply()).isEmpty();
        server.limits().resumeSweeps();

        assertThat(waiter.reply()).isPresent();
    }

    @Test
    void a_reset_brings_back_what_it_was_started_with() throws IOException {
        server.limits().maxLocks(1);
        server.limits().authToken("secret");

        server.reset();

        try (RawClient client = new RawClient(server)) {
            assertThat(client.ask("l", "orders", "0")).startsWith("ok ");
            assertThat(client.ask("l", "other", "0")).startsWith("ok ");
        }
    }

    @Test
    void a_value_that_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> server.limits().maxLocks(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxLocks must be at least 1");
    }

    @Test
    void a_scripted_client_is_told_of_the_end() {
        ScriptedClient client = server.scriptedClient();
        assertThat(client.isEnded()).isFalse();

        server.kick(client.connection());

        assertThat(client.isEnded()).isTrue();
    }

    @Test
    void a_scripted_client_that_is_silent_is_closed_in_time_although_nothing_else_happens() {
        Duration longTime = Duration.ofHours(1);
        FakeOptions options = FakeOptions.defaults()
                .withSweepInterval(longTime)
                .withGcInterval(longTime)
                .withReadTimeout(Duration.ofMillis(500));
        try (FakeDflockdServer idle = FakeDflockdServer.start(options)) {
            // After the first the server sleeps for an hour, unless somebody wakes it.
            for (int i = 0; i < 3; i++) {
                ScriptedClient silent = idle.scriptedClient();
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(silent::isEnded);
            }
        }
    }
}

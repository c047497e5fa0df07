package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.StateEffect.noAutoRelease;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.await;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients see of a server that was told to end (PROTOCOL.md section 4). */
@Timeout(60)
class DrainTest {

    private static final Duration LIMIT = ofSeconds(10);

    @Test
    void v0_drops_everybody_without_a_byte() throws Exception {
        try (FakeDflockdServer server = start(Profile.V0);
                RawClient holder = new RawClient(server)) {
            holder.token("orders");

            server.drain();

            assertThat(holder.end()).isEqualTo(RawClient.END);
            assertThat(server.awaitDrained(LIMIT)).isTrue();
        }
    }

    @Test
    void v1_serves_what_need_not_wait_until_the_last_has_gone() throws Exception {
        try (FakeDflockdServer server = start(Profile.V1);
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            String token = holder.token("orders");
            assertThat(waiter.ask("e", "orders", "")).isEqualTo("queued");
            sendAndBlock(server, waiter);

            server.drain();

            assertThat(waiter.line()).isEqualTo("error");
            assertThat(waiter.ask("w", "orders", "10")).isEqualTo("error_not_enqueued");
            assertThat(waiter.ask("l", "orders", "5")).isEqualTo("error");
            assertThat(waiter.ask("l", "other", "5")).startsWith("ok ");
            assertThat(holder.ask("n", "orders", token)).isEqualTo("ok 33");
            assertThat(holder.ask("r", "orders", token)).isEqualTo("ok");
            assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
            assertThat(server.awaitDrained(Duration.ZERO)).isFalse();
            holder.hangUp();
            waiter.hangUp();
            assertThat(server.awaitDrained(LIMIT)).isTrue();
        }
    }

    @Test
    void v2_says_so_to_the_next_request_and_closes() throws Exception {
        try (FakeDflockdServer server = start(Profile.V2);
                RawClient holder = new RawClient(server);
                RawClient waiter = new RawClient(server)) {
            String token = holder.token("orders");
            assertThat(waiter.ask("e", "orders", "")).isEqualTo("queued");
            sendAndBlock(server, waiter);

            server.drain();

            assertThat(waiter.line()).isEqualTo("error");
            assertThat(holder.ask("r", "orders", token)).isEqualTo("error_draining");
            assertThat(holder.end()).isEqualTo(RawClient.END);
            assertThat(waiter.ask("ping", "", "")).isEqualTo("error_draining");
            assertThat(waiter.end()).isEqualTo(RawClient.END);
            assertThat(server.awaitDrained(LIMIT)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"V0,KEEP_STATE", "V0,LOSE_STATE", "V1,KEEP_STATE", "V1,LOSE_STATE", "V2,KEEP_STATE", "V2,LOSE_STATE"})
    void a_restart_makes_a_server_of_it_that_serves_and_lets_wait(Profile profile, Restart how) throws Exception {
        try (FakeDflockdServer server = start(profile);
                RawClient before = new RawClient(server)) {
            before.token("orders");
            server.limits().maxWaiters(1);
            server.drain();

            server.restart(how);

            assertThat(before.end()).isEqualTo(RawClient.END);
            try (RawClient holder = new RawClient(server);
                    RawClient waiter = new RawClient(server);
                    RawClient second = new RawClient(server)) {
                String expected = how == Restart.KEEP_STATE ? "timeout" : Stage.GRANT;
                assertThat(holder.ask("l", "orders", "0")).matches(expected);
                FaultHandle queued =
                        server.on(acquire("orders")).at(WHILE_QUEUED).then(noAutoRelease());
                waiter.send("l", "orders", "60");
                assertThat(queued.awaitFired(LIMIT)).isTrue();
                assertThat(second.ask("e", "orders", ""))
                        .as("the limit is over")
                        .isEqualTo("queued");
                server.clock().advance(ofSeconds(33));
                assertThat(waiter.line()).as("sweeps go on").matches(Stage.GRANT);
            }
        }
    }

    @Test
    void a_restart_ends_the_wait_for_the_last_connection() throws Exception {
        try (FakeDflockdServer server = start(Profile.V1);
                RawClient client = new RawClient(server)) {
            client.token("orders");
            AtomicBoolean drained = new AtomicBoolean();
            Thread waiting = new Thread(() -> drained.set(isDrained(server)));
            waiting.setDaemon(true);
            waiting.start();
            Awaitility.await().until(waiting::getState, state -> state == Thread.State.TIMED_WAITING);

            server.restart(Restart.KEEP_STATE);

            waiting.join(LIMIT.toMillis());
            assertThat(drained).isTrue();
        }
    }

    @Test
    void a_reset_makes_a_new_server_of_it() throws Exception {
        try (FakeDflockdServer server = start(Profile.V2)) {
            server.drain();

            server.reset();

            try (RawClient client = new RawClient(server)) {
                assertThat(client.ask("l", "orders", "0")).startsWith("ok ");
            }
        }
    }

    private static boolean isDrained(FakeDflockdServer server) {
        try {
            return server.awaitDrained(Duration.ofDays(1));
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Only a blocked request is struck while it is queued: then the server has it. */
    private static void sendAndBlock(FakeDflockdServer server, RawClient waiter) throws IOException {
        FaultHandle blocked = server.on(await("orders")).at(WHILE_QUEUED).then(noAutoRelease());
        waiter.send("w", "orders", "10");
        assertThat(blocked.awaitFired(LIMIT)).isTrue();
    }

    private static FakeDflockdServer start(Profile profile) {
        return FakeDflockdServer.start(FakeOptions.defaults().withManualClock().withProfile(profile));
    }
}

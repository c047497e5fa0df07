package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.slowClose;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Restart;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that is cut between the server and some clients, and works again. */
@Timeout(60)
class PartitionTest {

    private final Stage stage = new Stage(options -> options.withReadTimeout(ofSeconds(100)));
    private final FakeDflockdServer server = stage.server;
    private final RawClient client = stage.client();
    private String token = "";

    PartitionTest() throws IOException {}

    @BeforeEach
    void acquire() throws IOException {
        token = client.token("orders");
    }

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    void nothing_gets_through_until_it_heals() throws IOException {
        server.partition(2);
        client.send("r", "orders", token);

        stage.assertHeld();
        assertThat(client.hasInput()).isFalse();
        server.heal(2);

        assertThat(client.line()).isEqualTo("ok");
    }

    @Test
    void leases_run_out_meanwhile() throws IOException {
        server.partition(2);

        stage.advance(33_000);

        stage.assertFree();
        server.heal();
        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
    }

    @Test
    void a_grant_waits_on_the_way() throws IOException {
        stage.other.send("l", "orders", "10");
        try (RawClient third = new RawClient(server)) {
            await().atMost(Stage.LIMIT).until(() -> third.ask("stats", "", "").contains("\"waiters\":1"));
            server.partition(1);
            assertThat(client.ask("r", "orders", token)).isEqualTo("ok");
            assertThat(stage.other.hasInput()).isFalse();

            server.heal(1);

            assertThat(stage.other.line()).matches(Stage.GRANT);
        }
    }

    @Test
    void all_and_new_connections_are_cut_and_a_single_one_may_heal() throws IOException {
        server.partition();
        try (RawClient late = new RawClient(server)) {
            late.send("l", "more", "0");
            client.send("n", "orders", token);
            stage.other.send("l", "orders", "0");

            server.heal(1);
            assertThat(stage.other.line()).isEqualTo("timeout");
            assertThat(client.hasInput()).isFalse();
            assertThat(late.hasInput()).isFalse();
            server.heal();

            assertThat(client.line()).isEqualTo("ok 33");
            assertThat(late.line()).matches(Stage.GRANT);
        }
        assertThat(new RawClient(server).ask("l", "late", "0")).matches(Stage.GRANT);
    }

    @Test
    void the_servers_read_timeout_closes_and_the_client_hears_of_it_when_it_heals() throws IOException {
        server.partition(2);
        stage.advance(99_000);
        stage.stats();
        stage.advance(1_000);
        assertThat(stage.stats()).contains("\"connections\":1");
        assertThat(client.hasInput()).isFalse();

        server.heal();

        assertThat(client.everything()).isEqualTo("error\n" + RawClient.END);
    }

    @Test
    void a_client_that_goes_away_is_noticed_when_it_heals() throws IOException {
        server.partition(2);
        client.hangUp();
        stage.assertHeld();

        server.heal();

        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"connections\":1"));
        stage.assertFree();
    }

    @Test
    void a_kick_is_heard_when_it_heals() throws IOException {
        server.partition(2);

        server.kick(2);

        stage.assertFree();
        client.send("n", "orders", token);
        server.partition(2);
        assertThat(client.hasInput()).isFalse();
        server.heal();
        assertThat(client.end()).isIn(RawClient.END, "reset");
    }

    @ParameterizedTest
    @EnumSource(Restart.class)
    void a_restart_is_heard_when_it_heals_and_does_not_heal(Restart how) throws IOException {
        server.partition();

        server.restart(how);

        stage.advance(3_000);
        assertThat(client.hasInput()).isFalse();
        try (RawClient late = new RawClient(server)) {
            late.send("l", "orders", "0");
            server.heal();
            assertThat(late.line()).matches(how == Restart.KEEP_STATE ? "timeout" : Stage.GRANT);
        }
        assertThat(client.end()).isEqualTo(RawClient.END);
        assertThat(stage.other.end()).isEqualTo(RawClient.END);
    }

    @Test
    void a_slow_close_that_is_due_meanwhile_is_heard_when_it_heals() throws IOException {
        stage.server.on(anyCommand().connection(2)).at(Phase.IDLE).then(slowClose(ofSeconds(3)));
        server.partition(2);
        stage.advance(3_000);
        stage.assertFree();
        assertThat(client.hasInput()).isFalse();

        server.heal();

        assertThat(client.end()).isEqualTo(RawClient.END);
    }

    @Test
    void a_slow_close_that_is_not_due_yet_is_heard_at_its_time() throws IOException {
        stage.server.on(anyCommand().connection(2)).at(Phase.IDLE).then(slowClose(ofSeconds(3)));
        server.partition(2);
        server.heal();
        stage.advance(2_999);
        assertThat(client.hasInput()).isFalse();

        stage.advance(1);

        assertThat(client.end()).isEqualTo(RawClient.END);
    }

    @Test
    void reset_and_stop_do_not_wait_for_it() throws IOException {
        server.partition();
        server.reset();
        assertThat(client.end()).isEqualTo(RawClient.END);
        try (RawClient late = new RawClient(server)) {
            assertThat(late.ask("l", "orders", "0")).matches(Stage.GRANT);
            server.partition();

            server.close();

            assertThat(late.end()).isEqualTo(RawClient.END);
        }
    }
}

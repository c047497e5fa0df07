package io.dflockd.fake;

import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.ReplyEffect.notLeader;
import static io.dflockd.fake.fault.ReplyEffect.refuse;
import static io.dflockd.fake.fault.ReplyEffect.unknownStatus;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.enqueue;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.protocol.Status;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals that the server's state has no reason for: what the client reads, and whether its request was carried out. */
@Timeout(60)
class ForcedStatusTest {

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private RawClient client;
    private RawClient other;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(server);
        other = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        other.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void refused_before_apply_nothing_is_granted(Status status) throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(refuse(status));

        assertThat(client.ask("l", "orders", "10")).isEqualTo(status.word());

        assertThat(other.token("orders")).hasSize(32);
        assertThat(client.ask("l", "orders", "0"))
                .as("the connection is usable")
                .isEqualTo("timeout");
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void refused_after_apply_the_connection_holds_the_lock(Status status) throws IOException {
        server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(refuse(status));

        assertThat(client.ask("l", "orders", "10")).isEqualTo(status.word());

        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");
        other.send("l", "orders", "10");
        client.close();
        assertThat(other.line()).startsWith("ok ");
    }

    @Test
    void an_enqueue_that_is_refused_before_apply_has_no_place() throws IOException {
        String token = other.token("orders");
        server.on(enqueue("orders")).at(BEFORE_APPLY).then(refuse(Status.MAX_WAITERS));

        assertThat(client.ask("e", "orders", "")).isEqualTo("error_max_waiters");
        assertThat(client.ask("w", "orders", "0")).isEqualTo("error_not_enqueued");
        assertThat(other.ask("r", "orders", token)).isEqualTo("ok");
    }

    @Test
    void a_release_that_is_refused_before_apply_was_not_done_and_one_after_was() throws IOException {
        String token = client.token("orders");
        server.on(release("orders")).at(BEFORE_APPLY).then(refuse(Status.ERROR));
        assertThat(client.ask("r", "orders", token)).isEqualTo("error");
        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");

        server.on(release("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(refuse(Status.ERROR));
        assertThat(client.ask("r", "orders", token)).isEqualTo("error");
        assertThat(other.token("orders")).hasSize(32);
    }

    @Test
    void renewals_that_are_rejected_let_the_lease_end() throws IOException {
        String token = client.token("orders");
        server.on(renew()).at(BEFORE_APPLY).then(refuse(Status.ERROR)).always();
        server.clock().advance(ofSeconds(20));
        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
        assertThat(other.ask("l", "orders", "0")).isEqualTo("timeout");

        server.clock().advance(ofSeconds(13));

        assertThat(other.token("orders")).hasSize(32);
    }

    @Test
    void a_status_that_nobody_knows_yet() throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(unknownStatus("error_future"));

        assertThat(client.ask("l", "orders", "0")).isEqualTo("error_future");
        assertThat(other.token("orders")).hasSize(32);
    }

    @Test
    void a_server_of_a_cluster_that_does_not_lead() throws IOException {
        server.on(acquire("orders")).at(BEFORE_APPLY).then(notLeader("10.0.0.2:6388"));

        assertThat(client.ask("l", "orders", "0")).isEqualTo("error_not_leader 10.0.0.2:6388");
        assertThat(other.token("orders")).hasSize(32);
    }
}

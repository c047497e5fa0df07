package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which connections are used again, and which are not: DESIGN section 4, rules 7 and 8. */
@Timeout(60)
class PoolRulesTest extends RulesStage {

    @Test
    void rule_08_each_lease_has_a_connection_of_its_own_which_is_used_again_afterwards() throws Exception {
        try (Lease one = client.lock("one").acquire();
                Lease two = client.lock("two").acquire()) {
            assertThat(List.of(one.isHeld(), two.isHeld())).containsOnly(true);
        }
        for (int i = 0; i < 20; i++) {
            client.lock("one").acquire().close();
        }
        assertThat(runtime.connects()).isEqualTo(2);
    }

    @Test
    void rule_08_pooled_connection_is_dropped_long_before_the_server_would() throws Exception {
        client.lock("orders").acquire().close();
        runtime.jump(ofSeconds(11));
        client.lock("orders").acquire().close();
        assertThat(runtime.connects()).isEqualTo(2);
    }

    @Test
    void rule_08_pooled_connection_that_has_died_is_replaced_in_silence() throws Exception {
        client.lock("orders").acquire().close();
        server.reset(); // closes all connections
        assertThat(client.lock("orders").acquire().release()).isTrue();
        assertThat(runtime.connects()).isEqualTo(2);
    }

    @Test
    void rule_08_pooled_connection_that_dies_of_the_request_is_an_unknown_outcome() throws Exception {
        ScriptedServer.Script first = peer -> {
            peer.answerAsUsual();
            peer.answerAsUsual();
            peer.read();
        };
        try (ScriptedServer scripted = new ScriptedServer(first, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            runtime.promptly(other.lock("orders")).close();
            assertThatThrownBy(() -> other.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
            assertThat(scripted.peers()).as("nothing is asked twice").hasSize(1);
        }
    }

    @Test
    void rule_07_pooled_connection_with_something_unread_is_not_used_again() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch disturbed = new CountDownLatch(1);
        ScriptedServer.Script first = peer -> {
            peer.answerAsUsual();
            peer.answerAsUsual();
            released.await();
            peer.send("ok " + ScriptedServer.OTHER_TOKEN + " 33\n"); // would pass for a grant
            disturbed.countDown();
            peer.grantAll();
        };
        try (ScriptedServer scripted = new ScriptedServer(first, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            runtime.promptly(other.lock("orders")).close();
            released.countDown();
            disturbed.await();
            try (Lease lease = runtime.promptly(other.lock("orders"))) {
                assertThat(lease.token()).isEqualTo(TOKEN);
            }
            assertThat(scripted.peers()).hasSize(2);
        }
    }

    @Test
    void rule_08_fresh_connection_that_dies_of_the_request_is_an_unknown_outcome() {
        try (ScriptedServer scripted = new ScriptedServer(peer -> peer.read());
                DflockdClient other = clientOf(scripted.address())) {
            assertThatThrownBy(() -> other.lock("orders").acquire()).isInstanceOf(ConnectionException.class);
            assertThat(scripted.peers()).hasSize(1);
        }
    }

    @Test
    void rule_08_pooled_connection_that_breaks_in_the_answer_is_an_unknown_outcome() throws Exception {
        ScriptedServer.Script first = peer -> {
            peer.answer("ok " + TOKEN + " 33");
            peer.answer("ok");
            peer.read();
            peer.send("ok ");
        };
        try (ScriptedServer scripted = new ScriptedServer(first, ScriptedServer.Peer::grantAll);
                DflockdClient other = clientOf(scripted.address())) {
            runtime.promptly(other.lock("orders")).close();
            assertThatThrownBy(() -> runtime.promptly(other.lock("orders"))).isInstanceOf(ConnectionException.class);
            assertThat(scripted.peers()).hasSize(1);
        }
    }
}

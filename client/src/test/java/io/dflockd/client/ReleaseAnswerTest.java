package io.dflockd.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes of the connection after a release that was refused. */
class ReleaseAnswerTest {

    @Test
    void after_an_unknown_status_the_connection_is_closed_so_that_nothing_stays_held() throws Exception {
        try (ScriptedServer server = serverThatAnswersReleases("error_not_leader 127.0.0.1:1");
                DflockdClient client = DflockdClient.connect(server.address())) {
            assertThat(client.lock("orders").withoutRenewal().acquire().release())
                    .isFalse();

            assertThat(client.lock("other").acquire().isHeld()).isTrue();
            assertThat(server.peers())
                    .as("not the connection that may still hold")
                    .hasSize(2);
        }
    }

    @Test
    void after_a_plain_error_the_lease_was_over_and_the_connection_is_used_again() throws Exception {
        try (ScriptedServer server = serverThatAnswersReleases("error");
                DflockdClient client = DflockdClient.connect(server.address())) {
            assertThat(client.lock("orders").withoutRenewal().acquire().release())
                    .isFalse();

            assertThat(client.lock("other").acquire().isHeld()).isTrue();
            assertThat(server.peers()).hasSize(1);
        }
    }

    private static ScriptedServer serverThatAnswersReleases(String answer) {
        return new ScriptedServer(peer -> {
            for (String request = peer.read(); request != null; request = peer.read()) {
                peer.send((request.startsWith("r|") ? answer : ScriptedServer.Peer.usual(request)) + "\n");
            }
        });
    }
}

package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Trigger.acquire;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of docs/fake-server.md, compiled and run. */
@Timeout(60)
class FakeServerGuideTest {

    private static final Guide GUIDE = Guide.of("fake-server.md", FakeServerGuideTest.class);

    @ParameterizedTest
    @ValueSource(strings = {"start", "clock", "network", "limits", "journal", "tls", "proxy"})
    void the_guide_shows_what_is_run_here(String snippet) throws IOException {
        assertThat(GUIDE.shown(snippet)).isEqualTo(GUIDE.source(snippet));
    }

    @Test
    void start() throws IOException {
        // snippet: start
        FakeOptions options = FakeOptions.defaults().withProfile(Profile.V2).withDefaultLease(Duration.ofSeconds(5));
        try (FakeDflockdServer server = FakeDflockdServer.start(options)) {
            String address = server.address(); // 127.0.0.1 and a free port
            // end
            assertThat(address).startsWith("127.0.0.1:");
            try (RawClient client = new RawClient(server)) {
                assertThat(client.ask("l", "orders", "0")).endsWith(" 5");
            }
        }
    }

    @Test
    void clock() throws IOException {
        // snippet: clock
        FakeDflockdServer server =
                FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
        server.clock().advance(Duration.ofSeconds(30)); // all that falls due has happened when this returns
        // end
        server.close();
        assertThat(server.clock().nanos()).isEqualTo(Duration.ofSeconds(30).toNanos());
    }

    @Test
    void network() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient client = new RawClient(server)) {
            String token = client.token("orders");
            // snippet: network
            server.partition(1); // the first connection hears nothing, and is not heard
            server.expireLease("orders");
            server.heal(1);
            server.restart(Restart.LOSE_STATE); // on the same port; every connection ends
            // end
            try (RawClient late = new RawClient(server)) {
                assertThat(late.ask("n", "orders", token)).isEqualTo("error");
            }
        }
    }

    @Test
    void limits() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient client = new RawClient(server)) {
            // snippet: limits
            ScriptedClient holder = server.scriptedClient();
            holder.ask("l", "orders", "0");
            ScriptedClient waiter = server.scriptedClient();
            waiter.ask("l", "orders", "600");
            server.limits().maxWaiters(1);
            // end
            assertThat(client.ask("l", "orders", "1")).isEqualTo("error_max_waiters");
        }
    }

    @Test
    void journal() throws IOException {
        try (FakeDflockdServer server = FakeDflockdServer.start();
                RawClient client = new RawClient(server)) {
            server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
            client.send("l", "orders", "0");
            assertThat(client.end()).isEqualTo("reset");
            // snippet: journal
            server.journal().await(request -> request.command() instanceof Command.Acquire, 1, Duration.ofSeconds(5));
            server.verify().neverHeldTwice("orders").noLeaks();
            System.out.println(server.journal());
            // end
            assertThat(server.journal().toString())
                    .contains("#1 conn=1 l orders -> granted [AFTER_APPLY_BEFORE_REPLY Reset] reply suppressed");
            assertThat(GUIDE.text())
                    .contains("#1 conn=1 l orders -> granted [AFTER_APPLY_BEFORE_REPLY Reset] reply suppressed");
        }
    }

    @Test
    void tls() {
        // snippet: tls
        FakeDflockdServer server =
                FakeDflockdServer.start(FakeOptions.defaults().withTls());
        SSLContext trusting = server.clientSslContext();
        // end
        server.close();
        assertThat(trusting.getProtocol()).startsWith("TLS");
    }

    @Test
    void proxy() throws IOException {
        try (FakeDflockdServer behind = FakeDflockdServer.start()) {
            String address = behind.address();
            // snippet: proxy
            FakeDflockdServer proxy = FakeDflockdServer.proxying(address);
            proxy.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
            // end
            try (proxy;
                    RawClient client = new RawClient(proxy)) {
                client.send("l", "orders", "0");
                assertThat(client.end()).isEqualTo("reset");
            }
        }
    }
}

package io.dflockd.client;

import static io.dflockd.client.ScriptedServer.TOKEN;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.log.LogTap;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No secret and no token in any log at any level, exception or {@code toString}: DESIGN section 4, rules 12, 14 and 15. */
@Timeout(60)
class SecrecyTest {

    private static final String SECRET = "open-sesame-51c7";

    private final LogTap tap = LogTap.open();
    private final CutRuntime runtime = new CutRuntime();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<String> tokens = new ArrayList<>();
    private FakeDflockdServer server;
    private DflockdClient client;

    @BeforeEach
    void start() {
        server = FakeDflockdServer.start(FakeOptions.defaults().withAuthToken(SECRET));
        client = builder(server.address()).build();
    }

    @AfterEach
    void close() {
        tap.close();
        client.close();
        server.close();
    }

    @Test
    void rule_12_the_key_is_an_argument_of_what_is_logged_about_a_lease() throws Exception {
        Lease lease = client.lock("orders").acquire();
        server.expireLease("orders");
        failing(() -> {
            lease.renew();
            return lease;
        });
        assertThat(tap.lines("lost"))
                .singleElement()
                .asString()
                .startsWith("WARN io.dflockd.client.")
                .contains("'orders'", server.address(), "REFUSED");
    }

    @Test
    void rule_14_leases_and_places_tell_neither_token_nor_secret_whatever_happens_to_them() throws Exception {
        Lease refused = keep(client.lock("refused").acquire());
        server.expireLease("refused");
        failing(() -> {
            refused.renew();
            return refused;
        });
        Lease cut = keep(client.semaphore("cut", 2)
                .withLease(ofSeconds(2))
                .withRenewRatio(0.1)
                .acquire());
        runtime.cut();
        await().until(() -> !cut.isHeld());
        Lease expired = keep(
                client.lock("expired").withLease(ofSeconds(1)).withoutRenewal().acquire());
        await().until(() -> !expired.isHeld());
        try (Enqueued fetched = client.lock("queue").enqueue();
                Enqueued queued = client.lock("queue").enqueue()) {
            said.add(fetched + " " + queued);
            said.add(client.lock("queue").tryAcquire(ofMillis(20)).toString());
            keep(fetched.await(ofSeconds(1)).orElseThrow()).release();
            keep(queued.await(ofSeconds(5)).orElseThrow()).release();
        }
        runtime.refuse(true);
        runtime.cut();
        failing(() -> client.lock("nobody").acquire());
        failing(() -> client.lock("nobody").enqueue());
        runtime.refuse(false);
        Lease closed = keep(client.lock("closed").acquire());
        client.close();
        said.add(closed.toString());
        assertSilence();
    }

    @Test
    void rule_14_a_wrong_secret_and_the_low_level_tell_nothing() throws Exception {
        failing(() -> DflockdClient.builder()
                .servers(server.address())
                .secret(() -> SECRET + "-wrong")
                .build()
                .lock("orders")
                .acquire());
        try (DflockdConnection connection = DflockdConnection.connect(server.address())) {
            said.add(connection.authenticate(SECRET).toString());
            Reply reply = connection.acquire("orders", 0);
            said.add(reply.toString());
            String token = ((Reply.Granted) reply).token();
            tokens.add(token);
            said.add(connection.renew("orders", token).toString());
            failing(() -> connection.renew("orders", token + "\n"));
            failing(() -> connection.release("orders", token + token.repeat(20)));
            failing(() -> connection.authenticate(SECRET + "\n"));
        }
        assertSilence();
    }

    @Test
    void rule_14_answers_that_make_no_sense_are_not_quoted() throws Exception {
        tokens.add(TOKEN);
        for (String answer : List.of(
                "ok " + TOKEN,
                "ok " + TOKEN + " soon",
                "ok " + TOKEN + "ab 33",
                "ok 33 " + TOKEN,
                TOKEN,
                "error" + TOKEN,
                "ok " + TOKEN + " 33\nok " + TOKEN + " 33",
                "acquired " + TOKEN + " 33",
                "ok " + SECRET + " 33")) {
            try (ScriptedServer scripted = new ScriptedServer(peer -> {
                        peer.answer("ok");
                        peer.answer(answer);
                        peer.hang();
                    });
                    DflockdClient other = builder(scripted.address()).build()) {
                failing(() -> other.lock("orders").acquire());
            }
        }
        assertSilence();
    }

    @Test
    void rule_14_servers_without_auto_release_are_spoken_to_in_silence_too() throws Exception {
        try (DflockdClient other =
                builder(server.address()).serverAutoRelease(false).build()) {
            Lease lease = keep(other.lock("orders").withLease(ofSeconds(60)).acquire());
            runtime.refuse(true);
            runtime.cut();
            failing(() -> {
                lease.renew();
                return lease;
            });
            failing(lease::release);
            await().until(() -> !tap.lines("not freed yet").isEmpty());
            runtime.refuse(false);
        }
        assertSilence();
    }

    private void assertSilence() {
        tap.lines().stream()
                .filter(line -> line.contains(" io.dflockd.client.")) // the fake says more at debug
                .forEach(said::add);
        assertThat(tokens).isNotEmpty();
        assertThat(said).isNotEmpty();
        tokens.add(SECRET);
        assertThat(said.stream().filter(text -> tokens.stream().anyMatch(text::contains)))
                .isEmpty();
    }

    private Lease keep(Lease lease) {
        tokens.add(lease.token());
        said.add(lease.toString());
        return lease;
    }

    private void failing(Callable<?> call) {
        try {
            throw new AssertionError("this should have failed, and gave " + call.call());
        } catch (Exception e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            said.add(trace.toString());
        }
    }

    private DflockdClientBuilder builder(String address) {
        return DflockdClient.builder().servers(address).runtime(runtime).secret(() -> SECRET);
    }
}

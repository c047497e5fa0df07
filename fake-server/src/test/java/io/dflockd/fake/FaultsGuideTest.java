package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.stall;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.ReplyEffect.refuse;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.renew;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.TlsEffect;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Status;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java of docs/faults.md, compiled and run, and the check that the page shows exactly this and leaves out no effect. */
class FaultsGuideTest {

    private static final Guide GUIDE = Guide.of("faults.md", FaultsGuideTest.class);

    private final FakeDflockdServer server =
            FakeDflockdServer.start(FakeOptions.defaults().withManualClock());
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rule", "trigger", "schedule", "handle", "log"})
    void the_guide_shows_what_is_run_here(String snippet) throws IOException {
        assertThat(GUIDE.shown(snippet)).isEqualTo(GUIDE.source(snippet));
    }

    @Test
    void the_guide_names_every_effect() throws IOException {
        Stream<String> made = Stream.of(Effect.class, ReplyEffect.class, StateEffect.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getReturnType() == Effect.class)
                .map(Method::getName);
        Stream<String> constants = Arrays.stream(TlsEffect.values()).map(Enum::name);

        assertThat(GUIDE.text())
                .contains(Stream.concat(made, constants)
                        .distinct()
                        .map(name -> '`' + name)
                        .toList());
    }

    @Test
    void the_rule_takes_the_reply_and_leaves_the_log() throws IOException {
        // snippet: rule
        server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reset());
        // end
        client.send("l", "orders", "0");
        assertThat(client.end()).isEqualTo("reset");

        // snippet: log
        assertThat(server.unusedFaults()).as("each fault was needed").isEmpty();
        List<FaultEvent> log = server.faultLog();
        server.reset();
        server.replayFaults(log);
        // end
        try (RawClient again = new RawClient(server)) {
            again.send("l", "orders", "0");
            assertThat(again.end()).isEqualTo("reset");
        }
    }

    @Test
    void the_third_renewal_is_refused() throws IOException {
        String token = client.token("order-1");
        // snippet: trigger
        Trigger third = renew().keyMatching("order-.*").connection(1).nth(3);
        server.on(third).at(BEFORE_APPLY).then(refuse(Status.ERROR));
        // end
        assertThat(client.ask("n", "order-1", token)).isEqualTo("ok 33");
        assertThat(client.ask("n", "order-1", token)).isEqualTo("ok 33");
        assertThat(client.ask("n", "order-1", token)).isEqualTo("error");
    }

    @Test
    void renewals_are_rejected_and_a_release_is_stalled() throws IOException {
        String token = client.token("orders");
        // snippet: schedule
        FaultHandle rejected =
                server.on(renew()).at(BEFORE_APPLY).then(refuse(Status.ERROR)).always();
        FaultHandle stalled = server.on(release()).at(BEFORE_APPLY).then(stall());
        // end
        assertThat(client.ask("n", "orders", token)).isEqualTo("error");
        client.send("r", "orders", token);
        // snippet: handle
        assertThat(stalled.awaitFired(Duration.ofSeconds(5))).isTrue();
        stalled.release();
        rejected.remove();
        // end
        assertThat(client.line()).isEqualTo("ok");
    }
}

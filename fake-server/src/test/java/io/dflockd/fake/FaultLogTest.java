package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Effect.reset;
import static io.dflockd.fake.fault.Effect.uniformLatency;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.AFTER_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.ON_CONNECT;
import static io.dflockd.fake.fault.Phase.afterRequestLine;
import static io.dflockd.fake.fault.ReplyEffect.garbage;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.release;
import static io.dflockd.fake.fault.Trigger.renew;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What has struck is written down, and strikes again. */
@Timeout(60)
class FaultLogTest {

    @Test
    void the_same_clients_see_the_same_when_the_log_is_replayed() throws IOException {
        List<String> seen;
        List<FaultEvent> log;
        try (FakeDflockdServer server =
                FakeDflockdServer.start(FakeOptions.defaults().withSeed(1))) {
            server.on(acquire()).at(BEFORE_APPLY).then(garbage()).probability(0.3);
            server.on(release()).at(AFTER_APPLY_BEFORE_REPLY).then(reset()).probability(0.3);
            server.on(renew())
                    .at(BEFORE_APPLY)
                    .then(uniformLatency(ofMillis(1), ofMillis(3)))
                    .probability(0.3);
            server.on(anyCommand()).at(afterRequestLine(2)).then(close()).probability(0.1);
            server.on(anyCommand()).at(AFTER_REPLY).then(close()).probability(0.2);
            server.on(anyCommand()).at(ON_CONNECT).then(close()).probability(0.1);
            seen = run(server);
            log = server.faultLog();
        }
        assertThat(log)
                .extracting(FaultEvent::phase)
                .contains(ON_CONNECT, afterRequestLine(2), BEFORE_APPLY, AFTER_REPLY);
        assertThat(seen).contains("reset", RawClient.END);

        try (FakeDflockdServer other =
                FakeDflockdServer.start(FakeOptions.defaults().withSeed(2))) {
            other.replayFaults(log);
            assertThat(run(other)).isEqualTo(seen);
            assertThat(other.unusedFaults()).isEmpty();
            List<FaultEvent> again = other.faultLog();
            assertThat(struck(again)).isEqualTo(struck(log));

            other.reset();
            other.replayFaults(again);
            assertThat(run(other)).isEqualTo(seen);
        }
    }

    /** What clients see that acquire, renew and release, one after the other, each until its connection ends; tokens left out. */
    private static List<String> run(FakeDflockdServer server) throws IOException {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            try (RawClient client = new RawClient(server)) {
                String key = "key" + i;
                String reply = tell(client.send("l", key, "0"), seen);
                String token = reply.startsWith("ok ") ? reply.substring(3, 35) : "none";
                if (!reply.equals(RawClient.END)) {
                    String renewed = tell(client.send("n", key, token), seen);
                    if (!renewed.equals(RawClient.END)) {
                        tell(client.send("r", key, token), seen);
                    }
                }
            }
        }
        return seen;
    }

    private static String tell(RawClient client, List<String> seen) throws IOException {
        String line = client.end();
        seen.add(line.replaceAll("[0-9a-f]{32}", "TOKEN"));
        return line;
    }

    private static List<String> struck(List<FaultEvent> log) {
        return log.stream()
                .map(event -> event.conn() + "/" + event.exchange() + " " + event.phase() + " " + event.effect())
                .toList();
    }

    private static FaultEvent last(List<FaultEvent> log) {
        return log.get(log.size() - 1);
    }

    @Test
    void a_line_belongs_to_the_request_that_it_begins() throws IOException {
        try (Stage stage = new Stage()) {
            stage.advance(7);

            stage.strike(afterRequestLine(2), uniformLatency(ofMillis(1), ofMillis(2)));

            FaultEvent event = last(stage.server.faultLog());
            assertThat(event.exchange()).isEqualTo(1);
            assertThat(event.at()).isEqualTo(7_000_000);
            assertThat(event.command()).isEmpty();
            assertThat(event.effect().toString()).matches("Latency\\[delay=PT0\\.001\\d*S]");
            assertThat(event.effect()).isInstanceOf(Effect.Latency.class);
        }
    }
}

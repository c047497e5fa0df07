package io.dflockd.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sinks of users that throw. */
@Timeout(60)
class ThrowingSinksTest {

    @Test
    void a_server_whose_sinks_throw_serves_all_the_same() throws Exception {
        FakeOptions options = FakeOptions.defaults()
                .withEvents(event -> {
                    throw new IllegalStateException("an event sink that throws, on purpose");
                })
                .withFaultEvents(event -> {
                    throw new AssertionError("a sink of faults that throws, on purpose");
                });
        try (FakeDflockdServer server = FakeDflockdServer.start(options);
                RawClient client = new RawClient(server)) {
            server.on(Trigger.acquire("a")).at(Phase.BEFORE_APPLY).then(Effect.latency(Duration.ofMillis(1)));

            String token = client.token("a");

            assertThat(client.ask("r", "a", token)).isEqualTo("ok");
            assertThat(server.faultLog()).hasSize(1);
        }
    }
}

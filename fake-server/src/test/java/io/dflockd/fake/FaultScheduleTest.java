package io.dflockd.fake;

import static io.dflockd.fake.fault.Effect.close;
import static io.dflockd.fake.fault.Phase.AFTER_APPLY_BEFORE_REPLY;
import static io.dflockd.fake.fault.Phase.BEFORE_APPLY;
import static io.dflockd.fake.fault.Phase.WHILE_QUEUED;
import static io.dflockd.fake.fault.ReplyEffect.nonHexToken;
import static io.dflockd.fake.fault.ReplyEffect.reply;
import static io.dflockd.fake.fault.Trigger.acquire;
import static io.dflockd.fake.fault.Trigger.anyCommand;
import static io.dflockd.fake.fault.Trigger.stats;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which requests of a client are struck, in which order, and what is left over. An {@code x} in place of a reply is a fault. */
@Timeout(60)
class FaultScheduleTest {

    private static final Effect STRUCK = reply("x");

    private final Stage stage = new Stage();
    private final RawClient client = stage.client();

    FaultScheduleTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        stage.close();
    }

    @Test
    void schedules_say_which_matches_are_struck() throws IOException {
        assertThat(run(arm(stats()), 3)).isEqualTo("x--");
        assertThat(run(arm(stats()).times(2), 4)).isEqualTo("xx--");
        assertThat(run(arm(stats()).always(), 4)).isEqualTo("xxxx");
        assertThat(run(arm(stats()).succeedFirst(2), 5)).isEqualTo("--xxx");
        assertThat(run(arm(stats()).failEvery(3), 7)).isEqualTo("--x--x-");
        assertThat(run(arm(stats().nth(3)), 5)).isEqualTo("--x--");
        assertThat(run(arm(stats().nth(2)).failEvery(2), 6)).isEqualTo("--x-x-");
    }

    @Test
    void schedules_of_time_go_by_the_servers_clock() throws IOException {
        FaultHandle aWhile = arm(stats()).forNext(ofSeconds(2));
        assertThat(asked(2)).isEqualTo("xx");
        stage.advance(2_000);
        assertThat(run(aWhile, 1)).isEqualTo("-");

        FaultHandle outage = arm(stats()).outage(ofSeconds(1), ofSeconds(2));
        stage.advance(999);
        assertThat(asked(1)).isEqualTo("-");
        stage.advance(1);
        assertThat(asked(2)).isEqualTo("xx");
        stage.advance(1_999);
        assertThat(asked(1)).isEqualTo("x");
        stage.advance(1);
        assertThat(run(outage, 1)).isEqualTo("-");
    }

    @Test
    void the_same_seed_strikes_the_same() throws IOException {
        String first = seeded(5);

        assertThat(first).contains("x").contains("-");
        assertThat(seeded(5)).isEqualTo(first);
        assertThat(seeded(6)).isNotEqualTo(first);
    }

    private static String seeded(long seed) throws IOException {
        try (Stage seeded = new Stage(options -> options.withSeed(seed))) {
            FaultHandle fault =
                    seeded.server.on(stats()).at(BEFORE_APPLY).then(STRUCK).probability(0.5);
            String struck = asked(seeded.client(), 40);
            seeded.server.reset();
            assertThat(fault.fired()).isPositive();
            return struck;
        }
    }

    @Test
    void a_reset_server_strikes_as_a_fresh_one() throws IOException {
        arm(stats()).probability(0.5);
        String first = asked(40);
        stage.server.reset();
        arm(stats()).probability(0.5);

        try (RawClient again = new RawClient(stage.server)) {
            assertThat(asked(again, 40)).isEqualTo(first);
        }
    }

    @Test
    void triggers_look_at_connection_request_and_key() throws IOException {
        assertThat(asked(2)).isEqualTo("--");
        arm(anyCommand().connection(1));
        arm(anyCommand().connection(2).exchange(4));

        assertThat(asked(3)).isEqualTo("-x-");
        assertThat(stage.stats()).isEqualTo("x");

        arm(acquire().keyMatching("order.*"));
        assertThat(client.ask("l", "reorder", "0")).startsWith("ok ");
        assertThat(client.ask("l", "orders", "0")).isEqualTo("x");
    }

    @Test
    void the_first_that_matches_wins_and_the_others_wait() throws IOException {
        FaultHandle first = stage.server.on(anyCommand()).at(BEFORE_APPLY).then(reply("first"));
        FaultHandle second =
                stage.server.on(stats()).at(AFTER_APPLY_BEFORE_REPLY).then(reply("second"));

        assertThat(client.ask("stats", "", "")).isEqualTo("first");
        assertThat(second.fired()).isZero();
        assertThat(client.ask("stats", "", "")).isEqualTo("second");
        assertThat(first.fired()).isEqualTo(1);
    }

    @Test
    void a_fault_for_waiters_stays_the_first_after_one_that_need_not_wait() throws IOException {
        FaultHandle waiting =
                stage.server.on(acquire("orders")).at(WHILE_QUEUED).then(close());
        stage.server.on(acquire("orders")).at(BEFORE_APPLY).then(reply("second"));

        assertThat(client.ask("l", "orders", "0")).as("need not wait").matches(Stage.GRANT);
        assertThat(waiting.fired()).isZero();
        assertThat(stage.server.unusedFaults()).contains(waiting);

        assertThat(stage.other.send("l", "orders", "10").end()).isEqualTo(RawClient.END);
        assertThat(waiting.fired()).isEqualTo(1);
    }

    @Test
    void a_fault_that_does_not_fit_the_reply_stays_the_first() throws IOException {
        FaultHandle token =
                stage.server.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(nonHexToken());
        stage.server.on(anyCommand()).at(AFTER_APPLY_BEFORE_REPLY).then(reply("second"));

        assertThat(client.ask("stats", "", "")).startsWith("ok {");
        assertThat(client.ask("l", "orders", "0")).startsWith("ok zz");
        assertThat(token.fired()).isEqualTo(1);
        assertThat(client.ask("stats", "", "")).isEqualTo("second");
    }

    @Test
    void what_a_lost_request_has_taken_is_for_the_next() throws IOException {
        String token = stage.other.token("orders");
        FaultHandle fault =
                stage.server.on(acquire("orders")).at(AFTER_APPLY_BEFORE_REPLY).then(reply("x"));
        client.send("l", "orders", "10");
        await().atMost(Stage.LIMIT).until(() -> stage.stats().contains("\"waiters\":1"));

        stage.server.kick(2);

        assertThat(client.end()).isEqualTo(RawClient.END);
        assertThat(stage.server.unusedFaults()).containsExactly(fault);
        assertThat(stage.other.ask("r", "orders", token)).isEqualTo("ok");
        assertThat(stage.other.ask("l", "orders", "0")).isEqualTo("x");
    }

    @Test
    void unused_faults_are_told_and_removed_ones_are_not() throws IOException {
        assertThat(asked(1)).as("connected before anything is armed").isEqualTo("-");
        FaultHandle used = arm(stats());
        FaultHandle unused = arm(acquire("never"));
        FaultHandle removed = arm(acquire("never"));
        FaultHandle atConnect =
                stage.server.on(anyCommand()).at(Phase.ON_CONNECT).then(close());
        removed.remove();

        assertThat(asked(1)).isEqualTo("x");

        assertThat(stage.server.unusedFaults()).containsExactly(unused, atConnect);
        assertThat(used.awaitFired(Duration.ZERO)).isTrue();
        assertThat(used.firedAt()).hasValue(0);
        assertThat(unused.awaitFired(Duration.ZERO)).isFalse();
    }

    private FaultHandle arm(Trigger trigger) {
        return stage.server.on(trigger).at(BEFORE_APPLY).then(STRUCK);
    }

    /** What so many requests got; the fault is removed then. */
    private String run(FaultHandle fault, int requests) throws IOException {
        String struck = asked(requests);
        fault.remove();
        return struck;
    }

    private String asked(int requests) throws IOException {
        return asked(client, requests);
    }

    private static String asked(RawClient client, int requests) throws IOException {
        StringBuilder struck = new StringBuilder();
        for (int i = 0; i < requests; i++) {
            struck.append(client.ask("stats", "", "").equals("x") ? 'x' : '-');
        }
        return struck.toString();
    }
}

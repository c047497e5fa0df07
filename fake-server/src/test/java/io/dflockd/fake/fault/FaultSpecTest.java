package io.dflockd.fake.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultSpecTest {

    private final LoneHost host = new LoneHost();
    private final FaultRules rules = new FaultRules(new ReentrantLock(), host, () -> 0, FaultSink.NONE, 1);

    @Test
    void a_fault_is_a_command_a_phase_and_an_effect() {
        FaultSpec spec = FaultSpec.parse("acquire:AFTER_APPLY_BEFORE_REPLY:reset");

        assertThat(spec.trigger()).isEqualTo(Trigger.acquire());
        assertThat(spec.phase()).isEqualTo(Phase.AFTER_APPLY_BEFORE_REPLY);
        assertThat(spec.effect()).isEqualTo(Effect.reset());
    }

    @Test
    void options_narrow_the_trigger() {
        FaultSpec spec = FaultSpec.parse("renew:during-reply(7):close:key=a\\:b,c:connection=2:exchange=3:nth=4");

        assertThat(spec.trigger())
                .isEqualTo(Trigger.renew("a:b,c").connection(2).exchange(3).nth(4));
        assertThat(spec.phase()).isEqualTo(Phase.duringReply(7));
        assertThat(FaultSpec.parse("any:after-request-line(2):stall:keys=ord.*").trigger())
                .hasToString("any command keys matching ord.*");
    }

    @ParameterizedTest
    @CsvSource({
        "latency=200ms, 'Latency[delay=PT0.2S]'",
        "'uniform-latency=1s,2m', 'Latency[delay=Uniform[low=PT1S, high=PT2M]]'",
        "'log-normal-latency=20ms,1.5,1h', 'Latency[delay=LogNormal[median=PT0.02S, sigma=1.5, max=PT1H]]'",
        "late-reply=1s, LateReply[after=PT1S]",
        "shutdown-output, ShutdownOutput[]",
        "stall-then-close=30s, Stall[closeAfter=Optional[PT30S]]",
        "slow-close=5s, SlowClose[after=PT5S]",
        "'reply=ok, or not', 'LINE(ok, or not)'",
        "garbage=7, GARBAGE(7)",
        "garbage, GARBAGE",
        "bad-lease=-1, BAD_LEASE(-1)",
        "overlong-line=9000, OVERLONG(9000)",
        "'partial-reply=5', 'Partial[bytes=5, then=Optional.empty]'",
        "'partial-reply=5,reset', 'Partial[bytes=5, then=Optional[Reset[]]]'",
        "'dribble=8,2s', 'Dribble[chunks=8, total=PT2S]'",
        "'slice=1,2,3', 'Slice[gap=PT0S, sizes=[1, 2, 3]]'",
        "bandwidth=100, Bandwidth[bytesPerSecond=100]",
        "coalesce=2, Coalesce[replies=2]",
        "duplicate-reply, TWICE",
        "expire-lease, ExpireLease[]",
        "failed-handshake, FAILED_HANDSHAKE"
    })
    void effects_have_the_names_of_their_factories(String text, String effect) {
        assertThat(FaultSpec.parse("any:before-apply:" + text).effect()).hasToString(effect);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "always",
                "times=3",
                "for=10s",
                "succeed-first=0",
                "fail-every=1",
                "outage=0ms,5s",
                "probability=1"
            })
    void an_option_says_how_often(String option) {
        FaultSpec.parse("any:idle:close:" + option).arm(rules::on);

        assertThat(strikes()).isTrue();
        assertThat(strikes()).as("more than once").isTrue();
    }

    @Test
    void without_one_it_strikes_once() {
        FaultSpec.parse("any:idle:close").arm(rules::on);

        assertThat(strikes()).isTrue();
        assertThat(strikes()).isFalse();
    }

    private boolean strikes() {
        return rules.matchConnection(Phase.Point.IDLE, 1, 0).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "any:idle | write COMMAND:PHASE:EFFECT",
                "lock:before-apply:close | 'lock' is no command; there are acquire, any,",
                "any:sometimes:close | 'sometimes' is no phase; there are on-connect,",
                "any:during-reply:close | not after 0",
                "any:before-apply(2):close | takes no number",
                "any:before-apply:explode | 'explode' is no effect; there are bad-lease,",
                "any:before-apply:latency | 'latency' takes 1 separated by commas",
                "any:before-apply:close=1 | 'close' takes no value",
                "any:before-apply:latency=2 | '2' in 'latency' must be a whole number and ms, s, m or h",
                "any:before-apply:bandwidth=x | 'x' in 'bandwidth' must be a whole number",
                "any:before-apply:uniform-latency=2s,1s | delays go from 0 or more up",
                "any:before-apply:partial-reply=1,melt | not by 'melt'",
                "any:before-apply:close:sometimes | 'sometimes' is no option",
                "any:before-apply:close:probability=x | 'x' in 'probability' must be a number",
                "any:before-apply:close:keys=( | '(' is no pattern for keys",
                "any:before-apply:close:always:times=2 | more than once how often"
            })
    void what_makes_no_sense_is_said_in_one_line(String text, String why) {
        assertThatThrownBy(() -> FaultSpec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the fault '" + text + "': ")
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }

    @Test
    void parts_that_do_not_fit_are_refused_when_armed_and_leave_nothing() {
        host.proxy = true;

        assertThatThrownBy(
                        () -> FaultSpec.parse("any:before-apply:expire-lease").arm(rules::on))
                .hasMessageStartingWith("the fault 'any:before-apply:expire-lease': ")
                .hasMessageContaining("a proxy cannot change the one behind it");
        assertThatThrownBy(() -> FaultSpec.parse("any:idle:close:times=0").arm(rules::on))
                .hasMessageContaining("at least once");
        assertThat(rules.isAnyArmed()).isFalse();
    }
}

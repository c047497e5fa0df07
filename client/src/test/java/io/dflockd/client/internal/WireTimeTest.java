package io.dflockd.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WireTimeTest {

    private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    @Test
    void rule_10_whole_seconds_are_rounded_up_and_never_overflow() {
        assertThat(WireTime.seconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(WireTime.seconds(Duration.ofSeconds(1))).isEqualTo(1);
        assertThat(WireTime.seconds(Duration.ofMillis(1001))).isEqualTo(2);
        assertThat(WireTime.seconds(Duration.ZERO)).isZero();
        assertThat(WireTime.seconds(FOR_EVER)).isEqualTo(WireTime.MAX_SECONDS);
        assertThat(WireTime.seconds(Duration.ofSeconds(WireTime.MAX_SECONDS, 1)))
                .isEqualTo(WireTime.MAX_SECONDS);
        assertThat(WireTime.secondsOfNanos(1)).isEqualTo(1);
        assertThat(WireTime.secondsOfNanos(1_000_000_000)).isEqualTo(1);
        assertThat(WireTime.secondsOfNanos(1_000_000_001)).isEqualTo(2);
        assertThat(WireTime.secondsOfNanos(Long.MAX_VALUE)).isEqualTo(WireTime.MAX_SECONDS);
    }

    @Test
    void rule_10_nanoseconds_saturate() {
        assertThat(WireTime.nanos(Duration.ofMillis(3))).isEqualTo(3_000_000);
        assertThat(WireTime.nanos(FOR_EVER)).isEqualTo(WireTime.MAX_NANOS);
        assertThat(WireTime.nanos(Duration.ofSeconds(WireTime.MAX_SECONDS))).isEqualTo(1_000_000_000_000_000_000L);
        assertThat(WireTime.nanosOfSeconds(3)).isEqualTo(3_000_000_000L);
        assertThat(WireTime.nanosOfSeconds(Long.MAX_VALUE)).isEqualTo(WireTime.MAX_NANOS);
        assertThat(WireTime.nanosOfSeconds(-3)).isZero();
    }

    @Test
    void rule_10_negative_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireTime.requireNotNegative(Duration.ofNanos(-1), "the timeout"))
                .withMessageContaining("the timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WireTime.requirePositive(Duration.ZERO, "the lease"))
                .withMessageContaining("the lease");
    }
}

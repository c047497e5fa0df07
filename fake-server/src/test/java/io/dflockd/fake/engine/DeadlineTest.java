package io.dflockd.fake.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    @Test
    void what_lies_beyond_the_end_of_time_is_never() {
        assertThat(Deadline.after(5, 3)).isEqualTo(8);
        assertThat(Deadline.after(5, Long.MAX_VALUE)).isEqualTo(Deadline.NEVER);
        assertThat(Deadline.nanos(Duration.ofSeconds(1))).isEqualTo(1_000_000_000L);
        assertThat(Deadline.nanos(Duration.ofDays(1_000_000))).isEqualTo(Deadline.NEVER);
    }

    @Test
    void a_tick_is_the_first_that_is_not_before() {
        assertThat(Deadline.tick(3, 10, 13)).isEqualTo(13);
        assertThat(Deadline.tick(3, 10, 14)).isEqualTo(23);
        assertThat(Deadline.tick(-7, 10, 14)).isEqualTo(23);
        assertThat(Deadline.tick(3, 10, Deadline.NEVER)).isEqualTo(Deadline.NEVER);
    }
}

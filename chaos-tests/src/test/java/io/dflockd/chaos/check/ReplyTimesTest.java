package io.dflockd.chaos.check;

import static io.dflockd.chaos.check.Outcome.INVALID;
import static io.dflockd.chaos.check.Outcome.NOT_REACHED;
import static io.dflockd.chaos.check.Outcome.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.history.EventType;
import org.junit.jupiter.api.Test;

/** P5 as clients see it. */
class ReplyTimesTest {

    private final Story story = Story.blackBox();

    @Test
    void a_timeout_in_time_is_valid() {
        story.send(0, 1, "k", "l 2 5").receive(2000, 1, "timeout");
        assertThat(story.outcome("P5")).isEqualTo(VALID);
    }

    @Test
    void an_early_timeout_is_a_violation() {
        story.send(0, 1, "k", "l 2 5").receive(1900, 1, "timeout");
        assertThat(story.outcome("P5")).isEqualTo(INVALID);
    }

    @Test
    void an_early_timeout_of_an_await_is_a_violation() {
        story.exchange(0, 1, "k", "se 2 5", "queued").send(10, 1, "k", "sw 2").receive(1900, 1, "timeout");
        assertThat(story.outcome("P5")).isEqualTo(INVALID);
    }

    @Test
    void timeouts_at_once_are_valid_and_prove_little() {
        assertThat(story.exchange(0, 1, "k", "l 0 5", "timeout").outcome("P5")).isEqualTo(NOT_REACHED);
    }

    @Test
    void an_answer_that_is_seconds_late_is_a_violation() {
        story.send(0, 1, "k", "l 2 5").receive(7500, 1, "ok A 5");
        assertThat(story.outcome("P5")).isEqualTo(INVALID);
    }

    @Test
    void injected_latency_is_allowed_for() {
        story.fault(0, EventType.FAULT, null, "latency", 1_000_000_000L)
                .send(0, 1, "k", "l 2 5")
                .receive(7500, 1, "timeout");
        assertThat(story.outcome("P5")).isEqualTo(VALID);
    }

    @Test
    void a_stall_of_the_recorder_is_allowed_for_even_if_it_is_told_later() {
        story.send(0, 1, "k", "l 2 5")
                .receive(7500, 1, "timeout")
                .fault(7600, EventType.FAULT, null, "stall", 3_000_000_000L);
        assertThat(story.outcome("P5")).isEqualTo(VALID);
    }

    @Test
    void an_answer_that_never_came_is_unknown() {
        story.send(0, 1, "k", "l 2 5").close(60_000, 1, "closed");
        assertThat(story.outcome("P5")).isEqualTo(NOT_REACHED);
    }

    @Test
    void a_grant_after_the_timeout_is_a_violation() {
        story.send(0, 1, "k", "l 2 5").receive(2000, 1, "timeout").unasked(2100, 1, "ok A 5");
        assertThat(story.outcome("P5")).isEqualTo(INVALID);
    }

    @Test
    void the_unasked_error_of_a_read_timeout_is_none() {
        story.send(0, 1, "k", "l 2 5")
                .receive(2000, 1, "timeout")
                .unasked(25_000, 1, "error")
                .close(25_000, 1, "eof");
        assertThat(story.outcome("P5")).isEqualTo(VALID);
    }
}

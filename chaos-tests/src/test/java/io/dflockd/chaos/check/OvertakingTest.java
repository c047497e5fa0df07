package io.dflockd.chaos.check;

import static io.dflockd.chaos.check.Outcome.INVALID;
import static io.dflockd.chaos.check.Outcome.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.history.EventType;
import org.junit.jupiter.api.Test;

/** P4 in a black box. The base case is a violation; each test takes away one thing that it needs. */
class OvertakingTest {

    private final Story story = Story.blackBox();

    private Story bQueues() {
        return story.exchange(0, 1, "k", "l 10 5", "ok A 5").exchange(100, 2, "k", "e 5", "queued");
    }

    @Test
    void granted_before_somebody_whose_place_was_acknowledged_is_a_violation() {
        bQueues()
                .send(200, 3, "k", "l 10 5")
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1002, 3, "ok C 5")
                .exchange(1100, 3, "k", "r C", "ok")
                .exchange(1200, 2, "k", "w 10", "ok B 5");
        assertThat(story.judge("P4").outcome()).isEqualTo(INVALID);
        assertThat(story.judge("P4").detail()).contains("c3 was granted before c2");
        assertThat(story.judge("P4").evidence()).hasSize(6);
    }

    @Test
    void granted_in_order_is_valid() {
        bQueues()
                .send(200, 3, "k", "l 10 5")
                .exchange(1000, 1, "k", "r A", "ok")
                .exchange(1200, 2, "k", "w 10", "ok B 5")
                .exchange(1300, 2, "k", "r B", "ok")
                .receive(1302, 3, "ok C 5");
        assertThat(story.outcome("P4")).isEqualTo(VALID);
    }

    @Test
    void who_asked_before_the_acknowledgement_came_may_have_been_first() {
        story.exchange(0, 1, "k", "l 10 5", "ok A 5")
                .send(100, 2, "k", "e 5")
                .send(101, 3, "k", "l 10 5")
                .receive(102, 2, "queued")
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1002, 3, "ok C 5")
                .exchange(1100, 3, "k", "r C", "ok")
                .exchange(1200, 2, "k", "w 10", "ok B 5");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }

    @Test
    void a_turn_that_may_have_come_and_gone_is_no_proof() {
        story.exchange(0, 1, "k", "l 10 5", "ok A 5").exchange(100, 2, "k", "e 1", "queued");
        story.send(200, 3, "k", "l 10 5")
                .exchange(300, 1, "k", "r A", "ok")
                .receive(1150, 3, "ok C 5")
                .exchange(1200, 3, "k", "r C", "ok")
                .exchange(1300, 2, "k", "w 10", "ok B 1");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }

    @Test
    void a_grant_that_was_read_from_a_connection_that_may_have_died_is_no_proof() {
        bQueues()
                .send(150, 2, "k", "w 10")
                .send(200, 3, "k", "l 10 5")
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1010, 3, "ok C 5")
                .receive(1020, 2, "ok B 5")
                .close(1021, 2, "eof");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }

    @Test
    void the_same_with_a_connection_that_answered_later_is_a_violation() {
        bQueues()
                .send(150, 2, "k", "w 10")
                .send(200, 3, "k", "l 10 5")
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1010, 3, "ok C 5")
                .receive(1020, 2, "ok B 5")
                .exchange(1100, 2, "_", "stats ", "ok {}");
        assertThat(story.outcome("P4")).isEqualTo(INVALID);
    }

    @Test
    void somebody_who_gave_up_was_not_overtaken() {
        bQueues()
                .send(200, 3, "k", "l 10 5")
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1002, 3, "ok C 5")
                .exchange(1200, 2, "k", "w 0", "timeout");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }

    @Test
    void a_forced_expiry_may_have_ended_the_turn() {
        bQueues()
                .send(200, 3, "k", "l 10 5")
                .fault(900, EventType.FAULT, "k", "expire lease", 0)
                .exchange(1000, 1, "k", "r A", "ok")
                .receive(1002, 3, "ok C 5")
                .exchange(1100, 3, "k", "r C", "ok")
                .exchange(1200, 2, "k", "w 10", "ok B 5");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }

    @Test
    void with_more_slots_the_order_of_replies_proves_nothing() {
        story.exchange(0, 1, "k", "sl 10 2 5", "ok A 5")
                .exchange(1, 4, "k", "sl 10 2 5", "ok D 5")
                .exchange(100, 2, "k", "se 2 5", "queued")
                .send(200, 3, "k", "sl 10 2 5")
                .exchange(1000, 1, "k", "sr A", "ok")
                .exchange(1001, 4, "k", "sr D", "ok")
                .receive(1003, 3, "ok C 5")
                .exchange(1200, 2, "k", "sw 10", "ok B 5");
        assertThat(story.outcome("P4")).isNotEqualTo(INVALID);
    }
}

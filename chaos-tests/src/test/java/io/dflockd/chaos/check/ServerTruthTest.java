package io.dflockd.chaos.check;

import static io.dflockd.chaos.check.Outcome.INVALID;
import static io.dflockd.chaos.check.Outcome.NOT_APPLICABLE;
import static io.dflockd.chaos.check.Outcome.VALID;
import static io.dflockd.chaos.history.EventType.EXPIRE;
import static io.dflockd.chaos.history.EventType.RELEASE;
import static io.dflockd.chaos.history.EventType.RENEW;
import static io.dflockd.chaos.history.EventType.REVOKE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** P1, P2 and the forms of P4 and P5 that look at the server's own events. */
class ServerTruthTest {

    private final Story story = Story.withTruth();

    @Test
    void without_server_truth_p1_and_p2_cannot_be_judged() {
        assertThat(Story.blackBox().outcome("P1")).isEqualTo(NOT_APPLICABLE);
        assertThat(Story.blackBox().outcome("P2")).isEqualTo(NOT_APPLICABLE);
    }

    @Nested
    class Limit {

        @Test
        void a_second_grant_of_a_held_lock_is_a_violation() {
            story.grant(0, 1, "k", "A", 0, 1, 5000).grant(10, 2, "k", "B", 0, 1, 5010);
            assertThat(story.judge("P1").outcome()).isEqualTo(INVALID);
            assertThat(story.judge("P1").evidence()).hasSize(2);
        }

        @Test
        void release_revoke_and_expiry_make_room() {
            story.grant(0, 1, "k", "A", 0, 1, 5000).ended(1, RELEASE, "k", "A", null);
            story.grant(10, 2, "k", "B", 0, 1, 5010).ended(11, REVOKE, "k", "B", "disconnect");
            story.grant(20, 3, "k", "C", 0, 1, 5020).ended(5020, EXPIRE, "k", "C", "over");
            story.grant(5021, 4, "k", "D", 0, 1, 9000).ended(5022, EXPIRE, "k", "D", "forced");
            assertThat(story.grant(5023, 5, "k", "E", 0, 1, 9000).outcome("P1")).isEqualTo(VALID);
        }

        @Test
        void a_lease_that_is_over_does_not_count_although_nobody_has_collected_it() {
            story.grant(0, 1, "k", "A", 0, 1, 5000).grant(5000, 2, "k", "B", 0, 1, 9000);
            assertThat(story.outcome("P1")).isEqualTo(VALID);
        }

        @Test
        void a_renewed_lease_counts_to_its_new_deadline() {
            story.grant(0, 1, "k", "A", 0, 1, 5000)
                    .add(4000, story.server(RENEW, 1, "k").token("A").deadline(9_000_000_000L))
                    .grant(6000, 2, "k", "B", 0, 1, 11000);
            assertThat(story.outcome("P1")).isEqualTo(INVALID);
        }

        @Test
        void an_expiry_before_the_deadline_that_nobody_forced_ends_nothing() {
            story.grant(0, 1, "k", "A", 0, 1, 5000)
                    .ended(3000, EXPIRE, "k", "A", "over")
                    .grant(3001, 2, "k", "B", 0, 1, 9000);
            assertThat(story.outcome("P1")).isEqualTo(INVALID);
        }

        @Test
        void as_many_as_the_limit_may_hold() {
            story.grant(0, 1, "k", "A", 0, 2, 5000).grant(1, 2, "k", "B", 0, 2, 5000);
            assertThat(story.outcome("P1")).isEqualTo(VALID);
            assertThat(story.grant(2, 3, "k", "C", 0, 2, 5000).outcome("P1")).isEqualTo(INVALID);
        }
    }

    @Nested
    class Replies {

        @Test
        void a_reply_names_a_live_holder_of_its_own_connection() {
            assertThat(story.grant(0, 1, "k", "A", 0, 1, 5000).reply(0, 1, "A").outcome("P2"))
                    .isEqualTo(VALID);
        }

        @Test
        void a_reply_about_a_grant_that_ended_is_a_violation() {
            story.grant(0, 1, "k", "A", 0, 1, 5000).ended(1, RELEASE, "k", "A", null);
            assertThat(story.reply(2, 1, "A").outcome("P2")).isEqualTo(INVALID);
        }

        @Test
        void a_reply_about_a_lease_that_is_over_is_a_violation() {
            assertThat(story.grant(0, 1, "k", "A", 0, 1, 5000)
                            .reply(5001, 1, "A")
                            .outcome("P2"))
                    .isEqualTo(INVALID);
        }

        @Test
        void a_reply_to_somebody_else_is_a_violation() {
            assertThat(story.grant(0, 1, "k", "A", 0, 1, 5000).reply(1, 2, "A").outcome("P2"))
                    .isEqualTo(INVALID);
        }
    }

    @Nested
    class Queue {

        private Story twoWait() {
            return story.grant(0, 1, "k", "A", 0, 1, 5000)
                    .enqueue(1, 2, "k", 1, 9000)
                    .enqueue(2, 3, "k", 2, 9000)
                    .ended(10, RELEASE, "k", "A", null);
        }

        @Test
        void the_head_of_the_queue_is_granted() {
            twoWait().grant(10, 2, "k", "B", 1, 1, 5010);
            assertThat(story.outcome("P4")).isEqualTo(VALID);
        }

        @Test
        void somebody_behind_the_head_is_a_violation() {
            twoWait().grant(10, 3, "k", "B", 2, 1, 5010);
            assertThat(story.judge("P4").outcome()).isEqualTo(INVALID);
            assertThat(story.judge("P4").evidence()).hasSize(3);
        }

        @Test
        void a_newcomer_past_the_queue_is_a_violation() {
            twoWait().grant(10, 4, "k", "B", 0, 1, 5010);
            assertThat(story.outcome("P4")).isEqualTo(INVALID);
        }

        @Test
        void a_place_that_was_given_up_is_no_longer_ahead() {
            twoWait().drop(10, 2, "k", 1, "disconnect").grant(11, 3, "k", "B", 2, 1, 5010);
            assertThat(story.outcome("P4")).isEqualTo(VALID);
        }
    }

    @Nested
    class Waiting {

        @Test
        void a_timeout_at_its_deadline_is_valid_and_before_it_a_violation() {
            story.enqueue(0, 1, "k", 1, 1000).drop(1000, 1, "k", 1, "timeout");
            assertThat(story.outcome("P5")).isEqualTo(VALID);
            story.enqueue(2000, 1, "k", 2, 3000).drop(2999, 1, "k", 2, "timeout");
            assertThat(story.outcome("P5")).isEqualTo(INVALID);
        }

        @Test
        void a_timeout_far_too_late_is_a_violation_unless_the_machine_stood_still() {
            story.enqueue(0, 1, "k", 1, 1000).drop(6001, 1, "k", 1, "timeout");
            assertThat(story.outcome("P5")).isEqualTo(INVALID);

            Story stalled = Story.withTruth()
                    .enqueue(0, 1, "k", 1, 1000)
                    .fault(6000, io.dflockd.chaos.history.EventType.FAULT, null, "stall", 2_000_000_000L)
                    .drop(6001, 1, "k", 1, "timeout");
            assertThat(stalled.outcome("P5")).isEqualTo(VALID);
        }

        @Test
        void a_stall_that_is_told_after_the_timeout_that_it_made_late_excuses_it() {
            story.enqueue(0, 1, "k", 1, 1000)
                    .drop(9000, 1, "k", 1, "timeout")
                    .fault(9010, io.dflockd.chaos.history.EventType.FAULT, null, "stall", 8_000_000_000L);
            assertThat(story.outcome("P5")).isEqualTo(VALID);
        }

        @Test
        void a_timeout_far_too_late_is_a_violation_even_if_much_happens_afterwards() {
            story.enqueue(0, 1, "k", 1, 1000)
                    .drop(9000, 1, "k", 1, "timeout")
                    .fault(11_001, io.dflockd.chaos.history.EventType.FAULT, null, "latency", 0)
                    .fault(17_000, io.dflockd.chaos.history.EventType.FAULT, null, "stall", 10_000_000_000L);
            assertThat(story.outcome("P5")).isEqualTo(INVALID);
        }

        @Test
        void a_waiter_that_timed_out_must_not_be_granted() {
            story.enqueue(0, 1, "k", 1, 1000).drop(1000, 1, "k", 1, "timeout").grant(1001, 1, "k", "A", 1, 1, 5000);
            assertThat(story.outcome("P5")).isEqualTo(INVALID);
        }
    }
}

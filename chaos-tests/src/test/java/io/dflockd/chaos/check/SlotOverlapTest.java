package io.dflockd.chaos.check;

import static io.dflockd.chaos.check.Outcome.INVALID;
import static io.dflockd.chaos.check.Outcome.NOT_REACHED;
import static io.dflockd.chaos.check.Outcome.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.dflockd.chaos.history.EventType;
import org.junit.jupiter.api.Test;

/** P3a. Every test of a rule that ends a window has a twin without it, so that it shows that the rule is what makes the difference. */
class SlotOverlapTest {

    private final Story story = Story.blackBox();

    /** c1 is granted at 10 ms and asks once more (stats) at 4000, which proves its connection alive until then. */
    private Story holderUntil4000() {
        return story.send(0, 1, "k", "l 10 5").receive(10, 1, "ok A 5");
    }

    private Outcome afterSecondHolder(long from) {
        return story.exchange(from, 2, "k", "l 10 5", "ok B 5")
                .exchange(4000, 1, "_", "stats ", "ok {}")
                .exchange(4000, 2, "_", "stats ", "ok {}")
                .outcome("P3a");
    }

    @Test
    void two_holders_of_a_lock_at_once_are_a_violation_with_both_grants_as_evidence() {
        holderUntil4000();
        assertThat(afterSecondHolder(1000)).isEqualTo(INVALID);
        Result result = story.judge("P3a");
        assertThat(result.detail()).contains("key 'k'", "c1", "c2");
        assertThat(result.evidence()).extracting(e -> e.text()).containsSequence("l 10 5", "ok A 5");
    }

    @Test
    void one_after_the_other_is_valid() {
        holderUntil4000().exchange(500, 1, "k", "r A", "ok");
        assertThat(afterSecondHolder(1000)).isEqualTo(VALID);
    }

    @Test
    void nobody_ever_held_is_not_reached() {
        assertThat(story.outcome("P3a")).isEqualTo(NOT_REACHED);
    }

    @Test
    void a_lease_counts_from_the_sending_of_the_acquire() {
        story.send(0, 1, "k", "l 10 5").receive(4000, 1, "ok A 5");
        story.exchange(5005, 2, "k", "l 10 5", "ok B 5")
                .exchange(5500, 1, "_", "stats ", "ok {}")
                .exchange(5500, 2, "_", "stats ", "ok {}");
        assertThat(story.outcome("P3a")).isEqualTo(VALID);
    }

    @Test
    void a_lease_that_is_not_over_is_a_violation_up_to_its_last_moment() {
        story.send(0, 1, "k", "l 10 5").receive(4000, 1, "ok A 5");
        story.exchange(4980, 2, "k", "l 10 5", "ok B 5")
                .exchange(5500, 1, "_", "stats ", "ok {}")
                .exchange(5500, 2, "_", "stats ", "ok {}");
        assertThat(story.outcome("P3a")).isEqualTo(INVALID);
    }

    @Test
    void windows_that_touch_do_not_overlap() {
        holderUntil4000().send(1001, 1, "k", "r A");
        story.send(500, 2, "k", "l 10 5").receive(1001, 2, "ok B 5").receive(1002, 1, "ok");
        story.exchange(2000, 2, "k", "r B", "ok");
        assertThat(story.outcome("P3a")).isEqualTo(VALID);
    }

    @Test
    void a_release_of_the_token_by_anybody_ends_the_window_when_it_is_sent() {
        holderUntil4000().send(900, 3, "k", "r A");
        assertThat(afterSecondHolder(1000)).isEqualTo(VALID);
    }

    @Test
    void a_release_of_another_token_ends_nothing() {
        holderUntil4000().exchange(900, 3, "k", "r X", "error");
        assertThat(afterSecondHolder(1000)).isEqualTo(INVALID);
    }

    @Test
    void a_connection_that_died_was_alive_only_until_its_last_answered_request_was_sent() {
        holderUntil4000()
                .exchange(1000, 2, "k", "l 10 5", "ok B 5")
                .exchange(4000, 2, "_", "stats ", "ok {}")
                .send(4000, 1, "k", "n A 5")
                .close(4100, 1, "eof");
        assertThat(story.outcome("P3a")).isNotEqualTo(INVALID);
    }

    @Test
    void a_close_by_the_client_that_never_looked_proves_nothing() {
        holderUntil4000()
                .exchange(1000, 2, "k", "l 10 5", "ok B 5")
                .exchange(4000, 2, "_", "stats ", "ok {}")
                .close(4100, 1, "closed");
        assertThat(story.outcome("P3a")).isNotEqualTo(INVALID);
    }

    @Test
    void a_grant_that_was_read_from_a_dead_connection_opens_nothing() {
        story.send(0, 2, "k", "l 10 5");
        holderUntil4000();
        story.receive(2000, 2, "ok B 5").close(2001, 2, "eof").exchange(4000, 1, "k", "r A", "ok");
        assertThat(story.outcome("P3a")).isNotEqualTo(INVALID);
    }

    @Test
    void a_loss_that_the_client_knows_of_ends_the_window() {
        holderUntil4000().lost(900, 1, "k", "A");
        assertThat(afterSecondHolder(1000)).isEqualTo(VALID);
    }

    @Test
    void a_refused_renew_ends_the_window() {
        holderUntil4000().exchange(900, 1, "k", "n A 5", "error");
        assertThat(afterSecondHolder(1000)).isEqualTo(VALID);
    }

    @Test
    void a_shorter_renew_by_anybody_lowers_the_end_from_its_sending_on() {
        holderUntil4000().send(900, 3, "k", "n A 1");
        assertThat(afterSecondHolder(1950)).isEqualTo(VALID);
    }

    @Test
    void a_renew_of_which_the_answer_never_came_may_still_shorten_a_later_one() {
        holderUntil4000().send(500, 3, "k", "n A 1").exchange(600, 1, "k", "n A 5", "ok 5");
        assertThat(afterSecondHolder(1550)).isEqualTo(VALID);
    }

    @Test
    void a_renew_without_a_lease_may_mean_any() {
        holderUntil4000().send(900, 3, "k", "n A");
        assertThat(afterSecondHolder(1950)).isEqualTo(VALID);
    }

    @Test
    void a_longer_renew_raises_the_end_once_it_is_answered() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").exchange(500, 1, "k", "n A 5", "ok 5");
        assertThat(afterSecondHolder(3000)).isEqualTo(INVALID);
    }

    @Test
    void a_longer_renew_that_was_not_answered_raises_nothing() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").send(500, 3, "k", "n A 5");
        assertThat(afterSecondHolder(3000)).isEqualTo(VALID);
    }

    @Test
    void a_server_that_answers_what_remains_has_renewed_to_what_was_asked_for() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").exchange(500, 1, "k", "n A 3", "ok 2");
        assertThat(afterSecondHolder(3300)).isEqualTo(INVALID);
    }

    @Test
    void an_await_counts_from_its_own_sending() {
        story.exchange(0, 1, "k", "e 2", "queued").exchange(3000, 1, "k", "w 10", "ok A 2");
        assertThat(afterSecondHolder(3500)).isEqualTo(INVALID);
    }

    @Test
    void an_await_of_an_acquired_place_may_shorten_what_a_renew_had_made_longer() {
        story.exchange(0, 1, "k", "e 1", "acquired A 1").exchange(10, 1, "k", "n A 5", "ok 5");
        story.exchange(100, 1, "k", "w 0", "ok A 1");
        assertThat(afterSecondHolder(1200)).isEqualTo(VALID);
    }

    /** The enqueue is answered once more, which proves the connection alive and decides the window before the await gives the same token again. */
    private Outcome waitedForAfter(String underWay, long secondHolderFrom) {
        story.exchange(0, 1, "k", "e 5", "acquired A 5")
                .send(100, 3, "k", underWay)
                .exchange(1200, 1, "k", "e 5", "error_already_enqueued")
                .exchange(1300, 1, "k", "w 5", "ok A 5");
        return afterSecondHolder(secondHolderFrom);
    }

    @Test
    void a_release_that_is_under_way_ends_also_what_an_await_says_again() {
        assertThat(waitedForAfter("r A", 2000)).isNotEqualTo(INVALID);
    }

    @Test
    void a_shorter_renew_that_is_under_way_counts_also_for_what_an_await_says_again() {
        assertThat(waitedForAfter("n A 1", 3000)).isNotEqualTo(INVALID);
    }

    @Test
    void an_await_that_says_the_grant_again_moves_a_window_that_nothing_ended() {
        assertThat(waitedForAfter("r X", 3000)).isEqualTo(INVALID);
    }

    @Test
    void an_await_and_a_renew_that_cross_each_other_leave_the_earlier_end() {
        story.exchange(0, 1, "k", "e 1", "acquired A 1")
                .send(100, 1, "k", "w 0")
                .send(110, 3, "k", "n A 5");
        story.receive(120, 1, "ok A 1").receive(130, 3, "ok 5");
        assertThat(afterSecondHolder(1200)).isEqualTo(VALID);
    }

    @Test
    void a_forced_expiry_makes_open_windows_inconclusive_and_those_that_were_asked_for_before_it_ended() {
        holderUntil4000()
                .send(800, 4, "k", "l 10 5")
                .fault(900, EventType.FAULT, "k", "expire lease", 0)
                .fault(901, EventType.HEAL, "k", "expire lease", 0)
                .receive(950, 4, "ok D 5");
        assertThat(afterSecondHolder(1000)).isNotEqualTo(INVALID);
    }

    @Test
    void a_grant_that_was_on_its_way_during_a_forced_expiry_is_inconclusive() {
        story.send(800, 1, "k", "l 10 5")
                .fault(900, EventType.FAULT, "k", "expire lease", 0)
                .fault(901, EventType.HEAL, "k", "expire lease", 0)
                .receive(950, 1, "ok A 5");
        assertThat(afterSecondHolder(1000)).isNotEqualTo(INVALID);
    }

    @Test
    void a_grant_that_was_asked_for_after_a_forced_expiry_is_conclusive() {
        story.fault(900, EventType.FAULT, "k", "expire lease", 0)
                .fault(901, EventType.HEAL, "k", "expire lease", 0)
                .exchange(910, 1, "k", "l 10 5", "ok A 5");
        assertThat(afterSecondHolder(1000)).isEqualTo(INVALID);
    }

    @Test
    void a_forced_expiry_of_another_key_changes_nothing() {
        holderUntil4000()
                .fault(900, EventType.FAULT, "other", "expire lease", 0)
                .fault(901, EventType.HEAL, "other", "expire lease", 0);
        assertThat(afterSecondHolder(1000)).isEqualTo(INVALID);
    }

    @Test
    void as_many_as_the_limit_may_hold_and_not_one_more() {
        story.exchange(0, 1, "k", "sl 10 2 5", "ok A 5").exchange(10, 2, "k", "sl 10 2 5", "ok B 5");
        story.exchange(4000, 1, "_", "stats ", "ok {}").exchange(4000, 2, "_", "stats ", "ok {}");
        assertThat(story.outcome("P3a")).isEqualTo(VALID);

        Story three = Story.blackBox();
        for (int conn = 1; conn <= 3; conn++) {
            three.exchange(conn * 10L, conn, "k", "sl 10 2 5", "ok T" + conn + " 5");
        }
        for (int conn = 1; conn <= 3; conn++) {
            three.exchange(4000, conn, "_", "stats ", "ok {}");
        }
        assertThat(three.outcome("P3a")).isEqualTo(INVALID);
    }

    @Test
    void locks_and_semaphores_are_not_compared_because_v2_keeps_them_apart() {
        holderUntil4000().exchange(1000, 2, "k", "sl 10 1 5", "ok B 5");
        story.exchange(4000, 1, "_", "stats ", "ok {}").exchange(4000, 2, "_", "stats ", "ok {}");
        assertThat(story.outcome("P3a")).isNotEqualTo(INVALID);
    }
}

package io.dflockd.chaos.check;

import static io.dflockd.chaos.check.Outcome.INVALID;
import static io.dflockd.chaos.check.Outcome.NOT_APPLICABLE;
import static io.dflockd.chaos.check.Outcome.NOT_REACHED;
import static io.dflockd.chaos.check.Outcome.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** P17. */
class CounterSectionsTest {

    private final Story story = Story.blackBox();

    private Story section(long from, long conn, String token, long written) {
        return story.exchange(from, conn, "k", "l 10 5", "ok " + token + " 5")
                .enter(from + 10, conn, "k", token)
                .exit(from + 20, conn, "k", token, written)
                .exchange(from + 30, conn, "k", "r " + token, "ok");
    }

    @Test
    void every_update_builds_on_the_one_before() {
        section(0, 1, "A", 1);
        section(100, 2, "B", 2);
        assertThat(story.judge("P17").outcome()).isEqualTo(VALID);
        assertThat(story.judge("P17").cases()).isEqualTo(1);
    }

    @Test
    void a_lost_update_is_a_violation() {
        section(0, 1, "A", 1);
        section(100, 2, "B", 1);
        assertThat(story.judge("P17").outcome()).isEqualTo(INVALID);
        assertThat(story.judge("P17").detail()).contains("c2 read 0 although c1 had written 1");
    }

    @Test
    void sections_that_overlap_inside_their_windows_lose_an_update() {
        story.exchange(0, 1, "k", "l 10 5", "ok A 5")
                .exchange(10, 2, "k", "l 10 5", "ok B 5")
                .enter(20, 1, "k", "A")
                .enter(21, 2, "k", "B")
                .exit(30, 1, "k", "A", 1)
                .exit(31, 2, "k", "B", 1)
                .exchange(100, 1, "k", "r A", "ok")
                .exchange(100, 2, "k", "r B", "ok");
        assertThat(story.outcome("P17")).isEqualTo(INVALID);
    }

    @Test
    void a_holder_that_overstayed_may_overwrite_anything_and_is_no_false_alarm() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").enter(10, 1, "k", "A");
        section(2000, 2, "B", 1);
        story.exit(2050, 1, "k", "A", 1).exchange(2060, 1, "k", "r A", "error");
        section(2100, 3, "C", 2);
        assertThat(story.outcome("P17")).isNotEqualTo(INVALID);
        section(2200, 2, "D", 3);
        assertThat(story.outcome("P17")).isEqualTo(VALID);
    }

    @Test
    void a_holder_that_overstayed_may_write_after_the_one_it_met_inside() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").enter(10, 1, "k", "A");
        story.exchange(2000, 2, "k", "l 10 5", "ok B 5").enter(2010, 2, "k", "B");
        story.exit(2015, 1, "k", "A", 1).exit(2020, 2, "k", "B", 5).exchange(2030, 2, "k", "r B", "ok");
        section(2100, 3, "C", 2);
        assertThat(story.outcome("P17")).isNotEqualTo(INVALID);
    }

    @Test
    void while_somebody_who_overstayed_is_still_inside_nothing_is_proved() {
        story.exchange(0, 1, "k", "l 10 1", "ok A 1").enter(10, 1, "k", "A");
        section(2000, 2, "B", 1);
        section(2100, 3, "C", 1);
        assertThat(story.outcome("P17")).isEqualTo(NOT_REACHED);
    }

    @Test
    void a_section_on_a_connection_that_died_is_not_conclusive() {
        section(0, 1, "A", 1);
        story.exchange(100, 2, "k", "l 10 5", "ok B 5")
                .enter(110, 2, "k", "B")
                .exit(120, 2, "k", "B", 1)
                .close(121, 2, "eof");
        assertThat(story.outcome("P17")).isEqualTo(NOT_REACHED);
    }

    @Test
    void a_history_without_critical_sections_has_nothing_to_judge() {
        assertThat(story.outcome("P17")).isEqualTo(NOT_APPLICABLE);
    }
}

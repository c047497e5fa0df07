package io.dflockd.junit;

import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.FaultEvent;
import io.dflockd.fake.journal.RecordedRequest;
import io.dflockd.fake.journal.ServerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What a fake has seen, for a reader who was not there: who holds and waits, what struck, and the requests and other events in their order. */
final class FakeStory {

    private static final int INDENTATION = 11;

    private final FakeDflockdServer server;
    private final List<EngineEvent> events;
    private final int most;
    private final long start;
    private final StringBuilder text = new StringBuilder();

    private FakeStory(FakeDflockdServer server, List<EngineEvent> events, int most) {
        this.server = server;
        this.events = events;
        this.most = most;
        this.start = server.options().isManualClock() ? 0 : first();
    }

    /**
     * The story.
     *
     * @param events what happened beside the requests, and to them later
     * @param most how many lines of what happened are told, the newest
     */
    static String of(FakeDflockdServer server, List<EngineEvent> events, int most) {
        FakeStory story = new FakeStory(server, events, most);
        story.tell();
        return story.text.toString();
    }

    private long first() {
        Stream<Long> all = Stream.of(
                        server.journal().requests().stream().map(RecordedRequest::at),
                        events.stream().map(EngineEvent::at),
                        server.faultLog().stream().map(FaultEvent::at))
                .flatMap(one -> one);
        return all.min(Comparator.naturalOrder()).orElseGet(server.clock()::nanos);
    }

    private void tell() {
        FakeOptions options = server.options();
        line("dflockd fake at " + server.address());
        line("  profile " + options.profile() + ", seed " + server.seed() + ", "
                + (options.isManualClock() ? "manual clock at " : "first event ")
                + time(server.clock().nanos()) + (options.isManualClock() ? "" : " ago"));
        ServerState state = server.state();
        section("held", state.held().stream().map(this::held).toList());
        section("waiting", state.queued().stream().map(FakeStory::waiting).toList());
        if (state.isQuiet()) {
            line("  nobody holds or waits");
        }
        section(
                "faults that struck",
                server.faultLog().stream().map(this::struck).toList());
        section(
                "faults that have not struck",
                server.unusedFaults().stream().map(StoryLine::text).toList());
        happened();
    }

    private String held(ServerState.Held slot) {
        String who = slot.connection() == 0 ? "a scripted holder" : "conn " + slot.connection();
        String of = slot.limit() == 1 ? "" : " (one of " + slot.limit() + " slots)";
        return slot.key() + of + " by " + who + " until " + time(slot.deadline()) + ", token "
                + StoryLine.shortened(slot.token());
    }

    private static String waiting(ServerState.Queued place) {
        return "conn " + place.connection() + " for " + place.key();
    }

    private String struck(FaultEvent event) {
        String request = event.command().isPresent() ? " request " + event.exchange() + " of it," : "";
        return time(event.at()) + " conn " + event.conn() + ',' + request + ' ' + event.phase() + ' '
                + StoryLine.text(event.effect());
    }

    private void happened() {
        List<StoryLine> lines = new ArrayList<>();
        Set<List<Long>> waits = StoryLine.waits(events);
        events.forEach(event -> StoryLine.of(event).ifPresent(lines::add));
        server.journal().requests().forEach(request -> lines.add(StoryLine.of(request, waits)));
        lines.sort(Comparator.comparingLong(StoryLine::at).thenComparing(StoryLine::order));
        long dropped = server.journal().dropped();
        int from = Math.max(0, lines.size() - most);
        String older = from + dropped == 0 ? "" : " (" + (from + dropped) + " older lines left out)";
        line("  what happened" + older + (lines.isEmpty() ? ": nothing" : ":"));
        lines.subList(from, lines.size()).forEach(one -> line("    " + time(one.at()) + ' ' + one.what()));
    }

    private void section(String title, List<String> lines) {
        if (lines.size() == 1) {
            line("  " + title + ": " + lines.get(0));
        } else if (!lines.isEmpty()) {
            line("  " + title + ":");
            lines.forEach(one -> line("    " + one));
        }
    }

    private void line(String one) {
        text.append(Wrapped.of(one, INDENTATION)).append('\n');
    }

    private String time(long nanos) {
        return String.format(Locale.ROOT, "%.3fs", (nanos - start) / 1e9);
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Draft;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.history.Recorder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A history written by hand. Times are milliseconds; connection n belongs to client cn. */
final class Story {

    private long now;
    private final List<Event> events = new ArrayList<>();
    private final Map<Long, Event> lastSent = new HashMap<>();
    private final Recorder recorder = new Recorder(() -> now * 1_000_000L, events::add);
    private final boolean truth;

    private Story(boolean truth) {
        this.truth = truth;
    }

    static Story blackBox() {
        return new Story(false);
    }

    static Story withTruth() {
        return new Story(true);
    }

    Story add(long ms, Draft draft) {
        now = ms;
        recorder.add(draft);
        return this;
    }

    private Draft client(EventType type, long conn) {
        return Draft.of(type, "c" + conn).conn(conn);
    }

    /** Sends {@code text}, which is a command and its argument. */
    Story send(long ms, long conn, String key, String text) {
        String[] words = text.split(" ", -1);
        boolean names = "r n sr sn".contains(words[0]);
        add(
                ms,
                client(EventType.SEND, conn)
                        .op(recorder.nextOperation())
                        .key(key)
                        .token(names ? words[1] : null)
                        .text(text));
        lastSent.put(conn, events.get(events.size() - 1));
        return this;
    }

    /** The reply to the connection's last request. */
    Story receive(long ms, long conn, String line) {
        Event sent = Objects.requireNonNull(lastSent.get(conn));
        return add(
                ms,
                client(EventType.RECEIVE, conn).op(sent.op()).key(sent.key()).text(line));
    }

    /** Request and reply, answered after a millisecond. */
    Story exchange(long ms, long conn, String key, String text, String reply) {
        return send(ms, conn, key, text).receive(ms + 1, conn, reply);
    }

    Story unasked(long ms, long conn, String line) {
        return add(ms, client(EventType.RECEIVE, conn).text(line));
    }

    Story close(long ms, long conn, String how) {
        return add(ms, client(EventType.CLOSE, conn).text(how));
    }

    Story lost(long ms, long conn, String key, String token) {
        return add(ms, client(EventType.LOST, conn).key(key).token(token).text("EXPIRED"));
    }

    Story enter(long ms, long conn, String key, String token) {
        return add(ms, client(EventType.ENTER, conn).key(key).token(token));
    }

    Story exit(long ms, long conn, String key, String token, long written) {
        return add(ms, client(EventType.EXIT, conn).key(key).token(token).value(written));
    }

    Story fault(long ms, EventType type, @Nullable String key, String text, long value) {
        return add(ms, Draft.of(type, "nemesis").key(key).text(text).value(value));
    }

    Draft server(EventType type, long conn, String key) {
        return Draft.of(type, "server").conn(conn).key(key);
    }

    Story grant(long ms, long conn, String key, String token, long place, long limit, long deadlineMs) {
        return add(
                ms,
                server(EventType.GRANT, conn, key)
                        .token(token)
                        .op(place)
                        .limit(limit)
                        .deadline(deadlineMs * 1_000_000));
    }

    Story enqueue(long ms, long conn, String key, long place, long deadlineMs) {
        return add(
                ms,
                server(EventType.ENQUEUE, conn, key)
                        .op(place)
                        .limit(1)
                        .deadline(deadlineMs * 1_000_000)
                        .text("blocked"));
    }

    Story drop(long ms, long conn, String key, long place, String cause) {
        return add(ms, server(EventType.DROP, conn, key).op(place).text(cause));
    }

    Story ended(long ms, EventType type, String key, String token, @Nullable String text) {
        return add(ms, server(type, 0, key).token(token).text(text));
    }

    Story reply(long ms, long conn, String token) {
        return add(
                ms, Draft.of(EventType.REPLY, "server").conn(conn).token(token).text("ok " + token + " 5"));
    }

    List<Event> events() {
        return events;
    }

    Result judge(String property) {
        Judge judge = new Judge(new HistoryHeader("test", truth, 1, Map.of()));
        events.forEach(judge::event);
        return judge.verdict(false).results().stream()
                .filter(r -> r.property().equals(property))
                .findFirst()
                .orElseThrow();
    }

    Outcome outcome(String property) {
        return judge(property).outcome();
    }
}

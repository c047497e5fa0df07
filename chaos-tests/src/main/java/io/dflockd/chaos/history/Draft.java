package io.dflockd.chaos.history;

import org.jspecify.annotations.Nullable;

/** An event that has no place in the history yet: {@link Recorder#add} gives it its number and, unless it brings one, its time. */
public final class Draft {

    private final EventType type;
    private final String actor;
    private boolean timed;
    private long time;
    private long conn;
    private long op;
    private @Nullable String key;
    private @Nullable String token;
    private long limit;
    private long deadline;
    private @Nullable String text;
    private long value;

    private Draft(EventType type, String actor) {
        this.type = type;
        this.actor = actor;
    }

    public static Draft of(EventType type, String actor) {
        return new Draft(type, actor);
    }

    /** The time is known already; otherwise it is the recorder's, when it takes the event. */
    public Draft time(long nanos) {
        timed = true;
        time = nanos;
        return this;
    }

    public Draft conn(long number) {
        conn = number;
        return this;
    }

    public Draft op(long number) {
        op = number;
        return this;
    }

    public Draft key(@Nullable String name) {
        key = name;
        return this;
    }

    public Draft token(@Nullable String ofGrant) {
        token = ofGrant;
        return this;
    }

    public Draft limit(long slots) {
        limit = slots;
        return this;
    }

    public Draft deadline(long nanos) {
        deadline = nanos;
        return this;
    }

    public Draft text(@Nullable String words) {
        text = words;
        return this;
    }

    public Draft value(long number) {
        value = number;
        return this;
    }

    Event at(long seq, long now) {
        return new Event(seq, timed ? time : now, type, actor, conn, op, key, token, limit, deadline, text, value);
    }
}

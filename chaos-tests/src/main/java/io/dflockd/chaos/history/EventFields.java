package io.dflockd.chaos.history;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one line, as they are read, and whether they make an event. */
final class EventFields {

    private static final Map<String, EventType> TYPES = new HashMap<>();

    static {
        for (EventType type : EventType.values()) {
            TYPES.put(type.name(), type);
        }
    }

    private final HistoryReader reader;
    private final JsonParser json;
    private long seq;
    private long time = Long.MIN_VALUE;
    private @Nullable EventType type;
    private @Nullable String actor;
    private long conn;
    private long op;
    private @Nullable String key;
    private @Nullable String token;
    private long limit;
    private long deadline;
    private @Nullable String text;
    private long value;
    private boolean end;
    private long count = -1;

    EventFields(HistoryReader reader, JsonParser json) {
        this.reader = reader;
        this.json = json;
    }

    /** Reads a whole object; true if it was the end line. */
    boolean readObject(JsonToken first) throws IOException {
        if (first != JsonToken.START_OBJECT) {
            throw reader.fault("not an event: an object is expected");
        }
        String field = json.nextFieldName();
        while (field != null) {
            readField(field, json.nextToken());
            field = json.nextFieldName();
        }
        return end;
    }

    private void readField(String field, JsonToken now) throws IOException {
        switch (field) {
            case "seq" -> seq = reader.number(field, now);
            case "time" -> time = reader.number(field, now);
            case "type" -> type = type(string(field, now));
            case "actor" -> actor = string(field, now);
            case "conn" -> conn = reader.number(field, now);
            case "op" -> op = reader.number(field, now);
            case "key" -> key = string(field, now);
            case "token" -> token = string(field, now);
            case "limit" -> limit = reader.number(field, now);
            case "deadline" -> deadline = reader.number(field, now);
            case "text" -> text = string(field, now);
            case "value" -> value = reader.number(field, now);
            case "end" -> end = json.getBooleanValue();
            case "events" -> count = reader.number(field, now);
            default -> throw reader.fault("unknown field '" + field + "'");
        }
    }

    private EventType type(String word) throws HistoryException {
        EventType known = TYPES.get(word);
        if (known == null) {
            throw reader.fault("unknown type '" + word + "'");
        }
        return known;
    }

    private String string(String field, JsonToken now) throws IOException {
        if (now != JsonToken.VALUE_STRING) {
            throw reader.fault("'" + field + "' is not a string");
        }
        return json.getText();
    }

    long count() {
        return count;
    }

    Event event() throws HistoryException {
        if (seq == 0) {
            throw missing("seq");
        }
        if (time == Long.MIN_VALUE) {
            throw missing("time");
        }
        if (type == null) {
            throw missing("type");
        }
        if (actor == null) {
            throw missing("actor");
        }
        if (type.needsConn() && conn == 0) {
            throw missing("conn");
        }
        if (type == EventType.SEND && op == 0) {
            throw missing("op");
        }
        if (type.needsKey() && key == null) {
            throw missing("key");
        }
        if (type.needsToken() && token == null) {
            throw missing("token");
        }
        if (type.needsText() && text == null) {
            throw missing("text");
        }
        if (type == EventType.GRANT && limit <= 0) {
            throw missing("limit");
        }
        return new Event(seq, time, type, actor, conn, op, key, token, limit, deadline, text, value);
    }

    private HistoryException missing(String field) {
        return reader.fault((type == null ? "the event" : type.name()) + " has no '" + field + "'");
    }
}

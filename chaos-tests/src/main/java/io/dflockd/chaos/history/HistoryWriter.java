package io.dflockd.chaos.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a history as lines of JSON: a header, the events, and an end line that counts them, without which a reader takes the history for truncated.
 *
 * <p>Fields that are zero or absent are left out. Used by one thread at a time ({@link Recorder} sees to that). When the disk fails, events are dropped and
 * {@link #close} throws what happened.
 */
public final class HistoryWriter implements Consumer<Event>, Closeable {

    private static final int BUFFER = 1 << 17;

    private final JsonGenerator json;
    private long events;
    private boolean closed;
    private @Nullable IOException failure;

    /**
     * Begins a file with its header.
     *
     * @throws IOException if the file cannot be written
     */
    public static HistoryWriter open(Path file, HistoryHeader header) throws IOException {
        return new HistoryWriter(Files.newOutputStream(file), header);
    }

    /** Writes to {@code out}, and closes it at the end. */
    public HistoryWriter(OutputStream out, HistoryHeader header) throws IOException {
        json = new JsonFactory().createGenerator(new BufferedOutputStream(out, BUFFER));
        json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        json.writeStartObject();
        json.writeStringField("history", "dflockd");
        json.writeNumberField("version", HistoryHeader.VERSION);
        json.writeStringField("mode", header.mode());
        json.writeBooleanField("serverTruth", header.serverTruth());
        json.writeNumberField("seed", header.seed());
        json.writeObjectFieldStart("settings");
        for (Map.Entry<String, String> setting : header.settings().entrySet()) {
            json.writeStringField(setting.getKey(), setting.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public void accept(Event event) {
        if (closed || failure != null) {
            return;
        }
        try {
            write(event);
            events++;
        } catch (IOException e) {
            failure = e;
        }
    }

    private void write(Event event) throws IOException {
        json.writeStartObject();
        json.writeNumberField("seq", event.seq());
        json.writeNumberField("time", event.time());
        json.writeStringField("type", event.type().name());
        json.writeStringField("actor", event.actor());
        number("conn", event.conn());
        number("op", event.op());
        string("key", event.key());
        string("token", event.token());
        number("limit", event.limit());
        number("deadline", event.deadline());
        string("text", event.text());
        number("value", event.value());
        json.writeEndObject();
    }

    private void number(String name, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(name, value);
        }
    }

    private void string(String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /**
     * Writes the end line and closes the file. Idempotent.
     *
     * @throws IOException if the file is not complete
     */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (json) {
            if (failure != null) {
                throw failure;
            }
            json.writeStartObject();
            json.writeBooleanField("end", true);
            json.writeNumberField("events", events);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }
}

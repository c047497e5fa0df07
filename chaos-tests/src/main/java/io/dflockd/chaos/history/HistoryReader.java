package io.dflockd.chaos.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Reads a history and believes nothing: whatever is odd ends in a {@link HistoryException} that says where. */
public final class HistoryReader implements Closeable {

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final JsonParser json;
    private final HistoryHeader header;
    private final EventOrder order = new EventOrder();
    private long lastSeq;
    private boolean ended;

    /**
     * Opens a file and reads its header.
     *
     * @throws HistoryException if the file cannot be read, or its first line is not a history's
     */
    public static HistoryReader open(Path file) throws HistoryException {
        try {
            return new HistoryReader(file.toString(), new BufferedInputStream(Files.newInputStream(file), 1 << 17));
        } catch (HistoryException e) {
            throw e;
        } catch (IOException e) {
            throw new HistoryException(file + ": cannot be read: " + FileTrouble.reason(e), e);
        }
    }

    /** Reads {@code in}, which messages call {@code name}. */
    public HistoryReader(String name, InputStream in) throws HistoryException {
        this.name = name;
        try {
            json = JSON.createParser(in);
            header = readHeader();
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    public HistoryHeader header() {
        return header;
    }

    /** Hands every event that is left to {@code sink}. */
    public void forEach(Consumer<? super Event> sink) throws HistoryException {
        for (Optional<Event> event = next(); event.isPresent(); event = next()) {
            sink.accept(event.get());
        }
    }

    /** The next event, or empty after the end line. */
    public Optional<Event> next() throws HistoryException {
        if (ended) {
            return Optional.empty();
        }
        try {
            JsonToken first = json.nextToken();
            if (first == null) {
                throw fault("truncated: the end line is missing (was the run killed?)");
            }
            EventFields fields = new EventFields(this, json);
            if (fields.readObject(first)) {
                finish(fields);
                return Optional.empty();
            }
            Event event = fields.event();
            if (event.seq() != lastSeq + 1) {
                throw fault("seq " + event.seq() + " after " + lastSeq + ": an event is missing or out of place");
            }
            lastSeq = event.seq();
            Optional<String> odd = order.next(event);
            if (odd.isPresent()) {
                throw fault(odd.get());
            }
            return Optional.of(event);
        } catch (IOException e) {
            throw wrapped(e);
        }
    }

    private void finish(EventFields fields) throws IOException {
        if (fields.count() != lastSeq) {
            throw fault("the end line counts " + fields.count() + " events, but there are " + lastSeq);
        }
        if (json.nextToken() != null) {
            throw fault("something follows the end line");
        }
        ended = true;
    }

    private HistoryHeader readHeader() throws IOException {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw fault("empty: not a history");
        }
        if (first != JsonToken.START_OBJECT || !"history".equals(json.nextFieldName())) {
            throw fault("not a history: the first line must begin with {\"history\":\"dflockd\",...");
        }
        json.nextToken();
        String mode = "";
        long version = -1;
        boolean truth = false;
        long seed = 0;
        TreeMap<String, String> settings = new TreeMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            switch (field) {
                case "version" -> version = number(field, value);
                case "mode" -> mode = json.getText();
                case "serverTruth" -> truth = json.getBooleanValue();
                case "seed" -> seed = number(field, value);
                case "settings" -> {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String setting = json.currentName();
                        json.nextToken();
                        settings.put(setting, json.getText());
                    }
                }
                default -> throw fault("unknown field '" + field + "'");
            }
        }
        if (version != HistoryHeader.VERSION) {
            throw fault(
                    version < 0
                            ? "the version is missing"
                            : "version " + version + " of the format; this program reads version "
                                    + HistoryHeader.VERSION);
        }
        return new HistoryHeader(mode, truth, seed, settings);
    }

    long number(String field, JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT) {
            throw fault("'" + field + "' is not a whole number");
        }
        return json.getLongValue();
    }

    HistoryException fault(String what) {
        return new HistoryException(name + ", line " + line() + ": " + what);
    }

    private int line() {
        return json.currentTokenLocation().getLineNr();
    }

    private HistoryException wrapped(IOException e) {
        if (e instanceof HistoryException known) {
            return known;
        }
        if (e instanceof JsonProcessingException broken) {
            int at =
                    broken.getLocation() == null ? line() : broken.getLocation().getLineNr();
            String what = e instanceof JsonParseException
                            && String.valueOf(e.getMessage()).contains("end-of-input")
                    ? "truncated in the middle of a line"
                    : "not JSON as a history has it: " + broken.getOriginalMessage();
            return new HistoryException(name + ", line " + at + ": " + what, e);
        }
        return new HistoryException(name + ": cannot be read: " + FileTrouble.reason(e), e);
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}

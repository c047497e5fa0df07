package io.dflockd.fake.transcript;

import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.Session;
import io.dflockd.fake.server.Wire;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The client's end of one connection, with what arrived on it and was not yet matched. */
final class PlayedConnection implements Wire {

    private final ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private final Session session;
    private boolean ended;

    PlayedConnection(EngineDriver driver) {
        session = driver.accept(this);
    }

    Session session() {
        return session;
    }

    @Override
    public void write(byte[] bytes) {
        unread.writeBytes(bytes);
    }

    @Override
    public void close() {
        ended = true;
    }

    @Override
    public void reset() {
        ended = true;
    }

    boolean isEnded() {
        return ended;
    }

    String unread() {
        return unread.toString(StandardCharsets.UTF_8);
    }

    boolean isQuiet() {
        return unread.size() == 0 && !ended;
    }

    /** Takes the next line, if one has arrived. */
    Optional<String> line() {
        byte[] bytes = unread.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                unread.reset();
                unread.write(bytes, i + 1, bytes.length - i - 1);
                return Optional.of(new String(bytes, 0, i, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }
}

package io.dflockd.fake.fuzz;

import io.dflockd.fake.server.Wire;
import java.nio.charset.StandardCharsets;

/** A wire whose peer may stop reading, and that counts what the server leaves with it. */
final class FuzzWire implements Wire {

    private final StringBuilder written = new StringBuilder();
    private long kept;
    private boolean over;
    private boolean paused;
    private boolean broken;
    boolean clogged;
    boolean sated;

    /** Whether the peer has closed its end, so that whatever is sent to it breaks the connection. */
    boolean gone;

    @Override
    public void write(byte[] bytes) {
        broken |= gone;
        written.append(new String(bytes, StandardCharsets.UTF_8));
        kept = clogged ? kept + bytes.length : 0;
    }

    /** What has come since the last time. */
    String take() {
        String all = written.toString();
        written.setLength(0);
        return all;
    }

    long kept() {
        return kept;
    }

    /** Whether the server takes more bytes from the peer. */
    boolean isRead() {
        return !paused && !over;
    }

    boolean isOver() {
        return over;
    }

    @Override
    public boolean isCongested() {
        return kept > 0;
    }

    @Override
    public boolean isSated() {
        return sated;
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    @Override
    public void flush() {
        if (!clogged) {
            kept = 0;
        }
    }

    @Override
    public void close() {
        over = true;
    }

    @Override
    public void reset() {
        over = true;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }
}

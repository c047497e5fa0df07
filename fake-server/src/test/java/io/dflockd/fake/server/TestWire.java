package io.dflockd.fake.server;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A wire that remembers what the server did. While it is clogged the peer takes nothing. */
final class TestWire implements Wire {

    private final StringBuilder written = new StringBuilder();
    Runnable onWrite = () -> {};
    String peer = "";
    boolean clogged;
    boolean congested;
    boolean sated;
    boolean closed;
    boolean reset;
    boolean outputShut;
    boolean paused;
    boolean writesPaused;

    @Override
    public String peer() {
        return peer;
    }

    @Override
    public void write(byte[] bytes) {
        written.append(new String(bytes, StandardCharsets.UTF_8));
        congested = clogged;
        onWrite.run();
    }

    String text() {
        return written.toString();
    }

    List<String> lines() {
        return written.toString().lines().toList();
    }

    @Override
    public boolean isCongested() {
        return congested;
    }

    @Override
    public boolean isSated() {
        return sated;
    }

    @Override
    public void flush() {
        congested = clogged;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void reset() {
        reset = true;
    }

    @Override
    public void shutdownOutput() {
        outputShut = true;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }

    @Override
    public void pauseWriting() {
        writesPaused = true;
    }

    @Override
    public void resumeWriting() {
        writesPaused = false;
    }
}

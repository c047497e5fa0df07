package io.dflockd.fake.fault;

import java.time.Duration;

/** Bytes that are written together. No record, as arrays are not compared by what is in them. */
public final class Piece {

    private final Duration before;
    private final byte[] bytes;

    Piece(Duration before, byte[] bytes) {
        this.before = before;
        this.bytes = bytes;
    }

    static Piece atOnce(byte[] bytes) {
        return new Piece(Duration.ZERO, bytes);
    }

    /** How long to wait before, by the server's clock. */
    public Duration before() {
        return before;
    }

    /** The bytes themselves, not a copy: an endless line has the same ones again and again. They must not be changed. */
    public byte[] bytes() {
        return bytes;
    }
}

package io.dflockd.fake.fault;

import java.time.Duration;

/**
 * Bytes that are written together.
 *
 * @param before how long to wait before, by the server's clock
 */
@SuppressWarnings("ArrayRecordComponent") // Written once and never compared.
public record Piece(Duration before, byte[] bytes) {

    static Piece atOnce(byte[] bytes) {
        return new Piece(Duration.ZERO, bytes);
    }
}

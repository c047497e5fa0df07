package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;

/** What a client must know to be let in. White space around it does not count; it never shows in text. */
public final class Secret {

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The secret with this text: its UTF-8 bytes, trimmed. */
    public static Secret of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret with these bytes, trimmed. */
    static Secret of(byte[] line) {
        return new Secret(Fields.trim(line));
    }

    /** A copy of the bytes, to be compared in a time that does not tell how many of them agree. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "***";
    }
}

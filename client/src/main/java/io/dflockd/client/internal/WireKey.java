package io.dflockd.client.internal;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A key that is fit for the wire: checked once, encoded once. */
public final class WireKey {

    /** What a line of the protocol holds (PROTOCOL.md section 1). */
    public static final int MAX_BYTES = 256;

    /** The key of requests that have none. */
    static final WireKey NONE = new WireKey("", new byte[] {'-'});

    private final String text;
    private final byte[] utf8;

    private WireKey(String text, byte[] utf8) {
        this.text = text;
        this.utf8 = utf8;
    }

    /**
     * Checks a key.
     *
     * @throws IllegalArgumentException if it is empty, has white space that would end a field or a line, is no Unicode text, or is longer than
     *     {@value #MAX_BYTES} bytes
     */
    public static WireKey of(String text) {
        Objects.requireNonNull(text, "key");
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the key is empty");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                throw new IllegalArgumentException(
                        "the key has white space at index " + i + "; space, tab, CR and LF cannot be in a key");
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException("the key has half a surrogate pair at index " + i);
                }
                i++;
            }
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the key has " + utf8.length + " bytes in UTF-8; at most " + MAX_BYTES + " fit on the wire");
        }
        return new WireKey(text, utf8);
    }

    public String text() {
        return text;
    }

    /** The bytes themselves, not a copy: nobody changes them. */
    byte[] utf8() {
        return utf8;
    }

    @Override
    public String toString() {
        return text;
    }
}

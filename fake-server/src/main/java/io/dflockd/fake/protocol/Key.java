package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A key as the server knows it: bytes, compared one by one, whatever text they are (PROTOCOL.md section 1). */
public final class Key implements Comparable<Key> {

    private final byte[] bytes;
    private final int hash;

    private Key(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** The key that a client names with this text: its UTF-8 bytes. */
    public static Key of(String text) {
        return new Key(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The key with exactly these bytes. */
    public static Key of(byte[] bytes) {
        return new Key(bytes.clone());
    }

    /** The key with these bytes, which must not change afterwards. */
    static Key ofOwn(byte[] bytes) {
        return new Key(bytes);
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The bytes read as UTF-8; what is no UTF-8 shows as U+FFFD. */
    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

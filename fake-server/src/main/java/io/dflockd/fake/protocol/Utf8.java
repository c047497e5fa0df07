package io.dflockd.fake.protocol;

/** UTF-8 read strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {

    private Utf8() {}

    /** How many bytes the character at this place takes, 0 if there is none. */
    static int lengthAt(byte[] bytes, int at) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (at + length > bytes.length) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return isAllowed(codePointAt(bytes, at, length), length) ? length : 0;
    }

    private static boolean isAllowed(int codePoint, int length) {
        return switch (length) {
            case 3 -> codePoint >= 0x800 && (codePoint < 0xd800 || codePoint > 0xdfff);
            case 4 -> codePoint >= 0x10000 && codePoint <= 0x10ffff;
            default -> length == 2;
        };
    }

    /** Whether these bytes are characters, all of them. */
    static boolean isText(byte[] bytes) {
        int at = 0;
        for (int length = 1; at < bytes.length && length > 0; at += length) {
            length = lengthAt(bytes, at);
        }
        return at == bytes.length;
    }

    /** The character of this length at this place. */
    static int codePointAt(byte[] bytes, int at, int length) {
        if (length == 1) {
            return bytes[at];
        }
        int codePoint = bytes[at] & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            codePoint = (codePoint << 6) | (bytes[at + i] & 0x3f);
        }
        return codePoint;
    }
}

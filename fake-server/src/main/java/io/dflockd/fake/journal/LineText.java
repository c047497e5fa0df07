package io.dflockd.fake.journal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bytes of a line as one line of text from which they can be told again. */
final class LineText {

    private LineText() {}

    /** UTF-8 as it is, but for backslashes, which are doubled, and control characters. If it is no UTF-8, all that is not ASCII shows as {@code \xNN}. */
    static String of(byte[] line) {
        String text = decoded(line);
        StringBuilder shown = new StringBuilder(text.length());
        boolean isText = text.length() != line.length || isAscii(line);
        text.chars().forEach(c -> {
            if (c == '\\') {
                shown.append("\\\\");
            } else if (c < ' ' || c == 0x7f || (!isText && c > 0x7f)) {
                shown.append(String.format(Locale.ROOT, "\\x%02x", c));
            } else {
                shown.append((char) c);
            }
        });
        return shown.toString();
    }

    private static String decoded(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException noText) {
            return new String(line, StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean isAscii(byte[] line) {
        for (byte b : line) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}

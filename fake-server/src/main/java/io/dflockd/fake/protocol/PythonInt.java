package io.dflockd.fake.protocol;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Numbers as V0's language reads them: any length, digits of any script, underscores between digits (PROTOCOL.md section 1). */
final class PythonInt {

    private PythonInt() {}

    /** The number that these bytes, read as ISO-8859-1, are in UTF-8; empty if they are none. */
    static Optional<BigInteger> of(String latin1) {
        String text = new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        boolean signed = text.startsWith("-") || text.startsWith("+");
        StringBuilder digits = new StringBuilder(text.length());
        boolean wasDigit = false;
        for (int at = signed ? 1 : 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int digit = Character.digit(text.codePointAt(at), 10);
            boolean separates = text.charAt(at) == '_' && wasDigit;
            if (digit < 0 && !separates) {
                return Optional.empty();
            }
            wasDigit = digit >= 0;
            if (wasDigit) {
                digits.append(digit);
            }
        }
        if (!wasDigit) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(digits.toString());
        return Optional.of(text.startsWith("-") ? number.negate() : number);
    }

    /** The same, as near to it as 64 bits come. */
    static Optional<Long> clamped(String latin1) {
        BigInteger least = BigInteger.valueOf(Long.MIN_VALUE);
        BigInteger most = BigInteger.valueOf(Long.MAX_VALUE);
        return of(latin1).map(number -> number.max(least).min(most).longValue());
    }
}

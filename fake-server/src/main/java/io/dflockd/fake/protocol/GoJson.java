package io.dflockd.fake.protocol;

import java.math.BigDecimal;
import java.math.MathContext;

/** Strings and numbers in the very form in which the real server's language writes JSON. */
final class GoJson {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final int NANO_DIGITS = 9;
    private static final long MOST_OF_15_DIGITS = 1_000_000_000_000_000L;

    private GoJson() {}

    /** A quoted string of UTF-8 bytes. Each byte that is no UTF-8 becomes an escaped U+FFFD. */
    static String string(byte[] utf8) {
        StringBuilder json = new StringBuilder(utf8.length + 2).append('"');
        for (int at = 0; at < utf8.length; ) {
            int length = Utf8.lengthAt(utf8, at);
            if (length == 0) {
                json.append("\\ufffd");
                at++;
            } else {
                appendEscaped(json, Utf8.codePointAt(utf8, at, length));
                at += length;
            }
        }
        return json.append('"').toString();
    }

    private static void appendEscaped(StringBuilder json, int codePoint) {
        switch (codePoint) {
            case '"' -> json.append("\\\"");
            case '\\' -> json.append("\\\\");
            case '\b' -> json.append("\\b");
            case '\f' -> json.append("\\f");
            case '\n' -> json.append("\\n");
            case '\r' -> json.append("\\r");
            case '\t' -> json.append("\\t");
            case '<', '>', '&', 0x2028, 0x2029 -> json.append(String.format("\\u%04x", codePoint));
            default -> {
                if (codePoint < ' ') {
                    json.append(String.format("\\u%04x", codePoint));
                } else {
                    json.appendCodePoint(codePoint);
                }
            }
        }
    }

    /** Nanoseconds, not negative, as a floating-point number of seconds: the fewest digits that give it back, with an exponent below 0.000001. */
    static String seconds(long nanos) {
        long whole = nanos / 1_000_000_000L;
        double seconds = whole + (nanos % 1_000_000_000L) / NANOS_PER_SECOND;
        if (seconds == 0) {
            return "0";
        }
        return text(shortest(nanos, seconds).stripTrailingZeros(), seconds);
    }

    private static BigDecimal shortest(long nanos, double seconds) {
        // No two numbers of 15 digits are the same double, so then there is nothing shorter than the nanoseconds
        // themselves: no search for each of many locks.
        if (nanos < MOST_OF_15_DIGITS && nanos / NANOS_PER_SECOND == seconds) {
            return BigDecimal.valueOf(nanos, NANO_DIGITS);
        }
        BigDecimal exact = new BigDecimal(seconds);
        int digits = 1;
        BigDecimal shortest = exact.round(new MathContext(digits));
        while (shortest.doubleValue() != seconds) {
            shortest = exact.round(new MathContext(++digits));
        }
        return shortest;
    }

    private static String text(BigDecimal number, double seconds) {
        if (seconds >= 1e-6) {
            return number.toPlainString();
        }
        String digits = number.unscaledValue().toString();
        String fraction = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return fraction + "e" + (digits.length() - 1 - number.scale());
    }
}

package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The fields of a request's third line, as bytes read as ISO-8859-1.
 *
 * <p>They are separated by runs of what Unicode calls white space, in UTF-8, as the server's language splits them: U+0085 and U+00A0 are in, U+001C is not
 * (PROTOCOL.md section 1).
 */
record Fields(List<String> values, Profile profile) {

    /** The largest number of seconds whose nanoseconds fit 64 bits. */
    private static final long MOST_SECONDS = 9_223_372_036L;

    static Fields of(byte[] line, Profile profile) {
        List<String> values = new ArrayList<>(3);
        int start = 0;
        int at = 0;
        while (at < line.length) {
            int space = spaceAt(line, at);
            if (space == 0) {
                at++;
                continue;
            }
            addField(values, line, start, at);
            at += space;
            start = at;
        }
        addField(values, line, start, at);
        return new Fields(values, profile);
    }

    /** The line without the white space around it. */
    static byte[] trim(byte[] line) {
        int start = 0;
        int end = 0;
        int at = 0;
        while (at < line.length) {
            int space = spaceAt(line, at);
            if (space == 0) {
                start = end == 0 ? at : start;
                end = ++at;
            } else {
                at += space;
            }
        }
        return Arrays.copyOfRange(line, start, end);
    }

    private static void addField(List<String> values, byte[] line, int start, int end) {
        if (end > start) {
            values.add(new String(line, start, end - start, StandardCharsets.ISO_8859_1));
        }
    }

    /** How many bytes the white space at this place takes, 0 if there is none. A first byte of two or three never stands inside another character. */
    private static int spaceAt(byte[] line, int at) {
        int b = line[at] & 0xff;
        if (b < 0x80) {
            return b == ' ' || (b >= '\t' && b <= '\r') ? 1 : 0;
        }
        int second = at + 1 < line.length ? line[at + 1] & 0xff : 0;
        if (b == 0xc2) {
            return second == 0x85 || second == 0xa0 ? 2 : 0;
        }
        int third = at + 2 < line.length ? line[at + 2] & 0xff : 0;
        return isWideSpace((b << 16) | (second << 8) | third) ? 3 : 0;
    }

    /** U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000. */
    private static boolean isWideSpace(int utf8) {
        return switch (utf8) {
            case 0xe19a80, 0xe280a8, 0xe280a9, 0xe280af, 0xe2819f, 0xe38080 -> true;
            default -> utf8 >= 0xe28080 && utf8 <= 0xe2808a;
        };
    }

    int count() {
        return values.size();
    }

    String text(int index) {
        return values.get(index);
    }

    /** The field as a number of at least {@code least}: base 10, signed, 64 bits; empty if it is none. V0 takes other numbers too, as near as 64 bits come. */
    OptionalLong number(int index, long least) {
        String text = values.get(index);
        if (profile.takesAnyNumber()) {
            OptionalLong number =
                    PythonInt.clamped(text).stream().mapToLong(Long::longValue).findFirst();
            return number.isPresent() && number.getAsLong() < least ? OptionalLong.empty() : number;
        }
        int digits = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
        if (digits == text.length()) {
            return OptionalLong.empty();
        }
        for (int i = digits; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return OptionalLong.empty();
            }
        }
        try {
            long number = Long.parseLong(text);
            return number >= least ? OptionalLong.of(number) : OptionalLong.empty();
        } catch (NumberFormatException tooBig) {
            return OptionalLong.empty();
        }
    }

    /** The field as seconds that fit the server's 64-bit nanoseconds; V0 takes more. */
    OptionalLong seconds(int index, long least) {
        OptionalLong number = number(index, least);
        boolean tooMany = number.isPresent() && number.getAsLong() > MOST_SECONDS && !profile.takesAnyNumber();
        return tooMany ? OptionalLong.empty() : number;
    }
}

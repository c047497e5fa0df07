package io.dflockd.client.internal;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON from front to back, for what servers say of themselves: the caller asks for what it expects, and skips what it does not know, of which nothing is kept.
 *
 * <p>Anything that is no JSON, or not what was asked for, is a {@link MalformedReplyException} that names the place.
 */
final class JsonReader {

    /** So deep may values lie that are skipped; deeper ones could exhaust the stack. */
    private static final int DEEPEST = 32;

    private static final int MAX_DIGITS = 18;

    private final String json;
    private int at;

    JsonReader(String json) {
        this.json = json;
    }

    /** Takes the beginning of an object. */
    void beginObject() throws MalformedReplyException {
        expect('{', "an object");
    }

    /** The name of the next member, whose value has to be taken then; null at the end of the object. */
    @Nullable
    String nextName(boolean first) throws MalformedReplyException {
        if (ends('}', first)) {
            return null;
        }
        String name = string();
        expect(':', "':'");
        return name;
    }

    /** Takes the beginning of an array. */
    void beginArray() throws MalformedReplyException {
        expect('[', "an array");
    }

    /** Whether there is another element, which has to be taken then; false at the end of the array. */
    boolean hasNext(boolean first) throws MalformedReplyException {
        return !ends(']', first);
    }

    /** A string. Half a surrogate pair is taken as it is. */
    String string() throws MalformedReplyException {
        expect('"', "a string");
        int from = at;
        while (at < json.length() && json.charAt(at) >= ' ' && json.charAt(at) != '"' && json.charAt(at) != '\\') {
            at++;
        }
        if (at < json.length() && json.charAt(at) == '"') {
            return json.substring(from, at++);
        }
        StringBuilder text = new StringBuilder(json.substring(from, at));
        while (true) {
            char c = take("the end of a string");
            if (c == '"') {
                return text.toString();
            }
            if (c < ' ') {
                throw expected("no control character in a string");
            }
            text.append(c == '\\' ? escaped() : c);
        }
    }

    /** A whole number of at most {@value #MAX_DIGITS} digits that is not negative. */
    long count() throws MalformedReplyException {
        String number = number();
        if (number.length() > MAX_DIGITS || !number.chars().allMatch(JsonReader::isDigit)) {
            throw expected("a count");
        }
        return Long.parseLong(number);
    }

    /** A number; one that is too large is infinite. */
    double decimal() throws MalformedReplyException {
        return Double.parseDouble(number());
    }

    /** Takes a value of whatever kind. */
    void skipValue() throws MalformedReplyException {
        skipValue(DEEPEST);
    }

    /** Makes sure that nothing follows. */
    void end() throws MalformedReplyException {
        skipSpace();
        if (at < json.length()) {
            throw expected("the end");
        }
    }

    private void skipValue(int depth) throws MalformedReplyException {
        if (depth == 0) {
            throw expected("at most " + DEEPEST + " levels");
        }
        skipSpace();
        switch (at < json.length() ? json.charAt(at) : ' ') {
            case '{' -> {
                beginObject();
                for (boolean first = true; nextName(first) != null; first = false) {
                    skipValue(depth - 1);
                }
            }
            case '[' -> {
                beginArray();
                for (boolean first = true; hasNext(first); first = false) {
                    skipValue(depth - 1);
                }
            }
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> number();
        }
    }

    /** Takes the closing bracket if it is there, or else the comma that must come before all but the first. */
    private boolean ends(char bracket, boolean first) throws MalformedReplyException {
        skipSpace();
        if (at < json.length() && json.charAt(at) == bracket) {
            at++;
            return true;
        }
        if (!first) {
            expect(',', "',' or '" + bracket + "'");
        }
        return false;
    }

    private char escaped() throws MalformedReplyException {
        char c = take("an escaped character");
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char hex = take("four hexadecimal digits");
                    int digit = hex < 128 ? Character.digit(hex, 16) : -1;
                    if (digit < 0) {
                        throw expected("four hexadecimal digits");
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw expected("an escaped character");
        };
    }

    private String number() throws MalformedReplyException {
        skipSpace();
        int from = at;
        skipOne("-");
        if (!skipOne("0")) {
            digits();
        }
        if (skipOne(".")) {
            digits();
        }
        if (skipOne("eE")) {
            skipOne("+-");
            digits();
        }
        return json.substring(from, at);
    }

    private void digits() throws MalformedReplyException {
        int from = at;
        while (at < json.length() && isDigit(json.charAt(at))) {
            at++;
        }
        if (at == from) {
            throw expected("a number");
        }
    }

    private boolean skipOne(String ofThese) {
        boolean there = at < json.length() && ofThese.indexOf(json.charAt(at)) >= 0;
        at += there ? 1 : 0;
        return there;
    }

    private void word(String word) throws MalformedReplyException {
        if (!json.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
    }

    private void expect(char wanted, String what) throws MalformedReplyException {
        skipSpace();
        if (at == json.length() || json.charAt(at) != wanted) {
            throw expected(what);
        }
        at++;
    }

    private char take(String what) throws MalformedReplyException {
        if (at == json.length()) {
            throw expected(what);
        }
        return json.charAt(at++);
    }

    private void skipSpace() {
        while (at < json.length() && " \t\r\n".indexOf(json.charAt(at)) >= 0) {
            at++;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private MalformedReplyException expected(String what) {
        return new MalformedReplyException("stats in which " + what + " was expected at character " + at);
    }
}

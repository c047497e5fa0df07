package io.dflockd.fake.transcript;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Escapes, and names that stand for tokens. */
final class TranscriptText {

    private static final Pattern NAME = Pattern.compile("\\{([a-z]\\w*)}");
    private static final Pattern HOLE = Pattern.compile("\\{(\\*|[a-z]\\w*)}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-fA-F]{2})|\\\\([nr|\\\\])|(\\|)");

    private final Map<String, String> tokens = new HashMap<>();

    /** The bytes to send; in a request of three fields a bar ends a line. */
    byte[] encode(String text, boolean fields) {
        String named = NAME.matcher(text).replaceAll(match -> Matcher.quoteReplacement(token(match.group(1))));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher escape = ESCAPE.matcher(named);
        int end = 0;
        while (escape.find()) {
            bytes.writeBytes(named.substring(end, escape.start()).getBytes(StandardCharsets.UTF_8));
            bytes.write(escaped(escape, fields));
            end = escape.end();
        }
        bytes.writeBytes(named.substring(end).getBytes(StandardCharsets.UTF_8));
        if (fields) {
            bytes.write('\n');
        }
        return bytes.toByteArray();
    }

    private static int escaped(Matcher escape, boolean fields) {
        if (escape.group(1) != null) {
            return Integer.parseInt(escape.group(1), 16);
        }
        if (escape.group(3) != null) {
            return fields ? '\n' : '|';
        }
        char letter = escape.group(2).charAt(0);
        return letter == 'n' ? '\n' : letter == 'r' ? '\r' : letter;
    }

    private String token(String name) {
        String token = tokens.get(name);
        if (token == null) {
            throw new AssertionError("no token has the name {" + name + "}");
        }
        return token;
    }

    /** Whether the reply is as expected; new names are bound to its tokens. */
    boolean matches(String expected, String reply) {
        StringBuilder pattern = new StringBuilder();
        Map<String, String> holes = new HashMap<>();
        Matcher hole = HOLE.matcher(expected);
        int end = 0;
        while (hole.find()) {
            pattern.append(Pattern.quote(expected.substring(end, hole.start())));
            String name = hole.group(1);
            if (name.equals("*")) {
                pattern.append("\\S+");
            } else if (tokens.containsKey(name)) {
                pattern.append(tokens.get(name));
            } else {
                pattern.append("(?<").append(name).append(">[0-9a-f]{32})");
                holes.put(name, name);
            }
            end = hole.end();
        }
        pattern.append(Pattern.quote(expected.substring(end)));
        Matcher matcher = Pattern.compile(pattern.toString()).matcher(reply);
        return matcher.matches() && holes.keySet().stream().allMatch(name -> bind(name, matcher.group(name)));
    }

    private boolean bind(String name, String token) {
        return !tokens.containsValue(token) && tokens.put(name, token) == null;
    }
}

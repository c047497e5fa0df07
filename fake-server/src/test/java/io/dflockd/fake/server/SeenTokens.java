package io.dflockd.fake.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens of one run by the order in which they appeared, so that runs can be compared. */
final class SeenTokens {

    private static final Pattern TOKEN = Pattern.compile("\\b[0-9a-f]{32}\\b");

    private final List<String> known = new ArrayList<>();

    void learn(List<TestWire> wires) {
        wires.forEach(wire -> wire.lines().forEach(this::learn));
    }

    void learn(String text) {
        TOKEN.matcher(text).results().map(found -> found.group()).forEach(this::number);
    }

    private int number(String token) {
        if (!known.contains(token)) {
            known.add(token);
        }
        return known.indexOf(token);
    }

    /** One of them, or one of nobody. */
    String any(Random random) {
        int which = random.nextInt(8);
        return which < known.size() ? known.get(known.size() - 1 - which) : "0".repeat(32);
    }

    /** The text with numbers in place of tokens. */
    String named(String text) {
        return TOKEN.matcher(text).replaceAll(found -> Matcher.quoteReplacement("T" + number(found.group())));
    }
}

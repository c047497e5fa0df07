package io.dflockd.chaos.history;

import org.jspecify.annotations.Nullable;

/**
 * The three lines of a request, as a history tells them.
 *
 * @param op the number of the exchange
 * @param text the command and its argument, with a space between
 * @param token the token that the request names
 * @param limit the limit it asks for; 1 for locks, 0 where a request has none
 */
record SentRequest(
        long op, String key, String text, @Nullable String token, long limit) {

    /** Stands for the secret, which is in no history. */
    private static final String MASK = "***";

    static SentRequest of(String lines, long op) {
        String[] line = lines.split("\n", -1);
        String command = line[0].replaceFirst("\r+$", "");
        String key = line[1].replaceFirst("\r+$", "");
        String arg = command.equals("auth") ? MASK : line[2].replaceFirst("\r+$", "");
        String[] words = arg.trim().split("\\s+");
        String token =
                switch (command) {
                    case "r", "n", "sr", "sn" -> words[0];
                    default -> null;
                };
        long limit =
                switch (command) {
                    case "l", "e" -> 1;
                    case "sl" -> number(words, 1);
                    case "se" -> number(words, 0);
                    default -> 0;
                };
        return new SentRequest(op, key, command + " " + arg, token, limit);
    }

    private static long number(String[] words, int index) {
        try {
            return index < words.length ? Long.parseLong(words[index]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The token in a reply to this request, if it is a grant. */
    @Nullable
    String grantedToken(String reply) {
        String[] words = reply.split(" ", 4);
        boolean grant = words.length >= 3 && (words[0].equals("ok") || words[0].equals("acquired"));
        return grant && !text.startsWith("stats") ? words[1] : null;
    }
}

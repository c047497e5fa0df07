package io.dflockd.fake.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads the line with which some server answers a request: the inverse of {@link ReplyWriter}, and lenient. */
public final class ReplyReader {

    private static final int SHORTEST_TOKEN = 2;

    private ReplyReader() {}

    /** What this line, with its line feed, says to this request; {@link Reply.Other} where that is none of the known replies. */
    public static Reply read(Command request, byte[] line) {
        String text = new String(line, 0, line.length - 1, StandardCharsets.UTF_8);
        if (request instanceof Command.Stats && text.startsWith("ok ")) {
            return new Reply.Stats(text.substring("ok ".length()));
        }
        String[] words = text.split(" ", -1);
        return switch (words.length) {
            case 1 -> word(text);
            case 2 -> renewed(text, words);
            case 3 -> grant(text, words);
            default -> new Reply.Other(text);
        };
    }

    private static Reply word(String text) {
        return switch (text) {
            case "ok" -> new Reply.Done();
            case "queued" -> new Reply.Queued();
            case "timeout" -> new Reply.TimedOut();
            default ->
                Arrays.stream(Status.values())
                        .filter(status -> status.word().equals(text))
                        .findFirst()
                        .<Reply>map(Reply.Refused::new)
                        .orElseGet(() -> new Reply.Other(text));
        };
    }

    private static Reply renewed(String text, String[] words) {
        Optional<Long> seconds = words[0].equals("ok") ? number(words[1]) : Optional.empty();
        return seconds.<Reply>map(Reply.Renewed::new).orElseGet(() -> new Reply.Other(text));
    }

    private static Reply grant(String text, String[] words) {
        Optional<Long> lease = words[1].length() < SHORTEST_TOKEN ? Optional.empty() : number(words[2]);
        if (lease.isPresent() && words[0].equals("ok")) {
            return new Reply.Granted(words[1], lease.get());
        } else if (lease.isPresent() && words[0].equals("acquired")) {
            return new Reply.Acquired(words[1], lease.get());
        }
        return new Reply.Other(text);
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

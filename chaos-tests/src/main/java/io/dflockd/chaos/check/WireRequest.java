package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;

/**
 * A request as the checks see it. Read here and not by the fake's parser: a shared parser that misreads would agree with itself.
 *
 * @param semaphore whether it was the semaphore form; V2 keeps two key spaces, so the forms are never compared with each other
 * @param token the token it names, or empty
 * @param limit 1 for locks, 0 where the request has none
 * @param timeout seconds, -1 where the request has none
 * @param lease seconds, 0 where the server's default applies
 */
record WireRequest(Kind kind, boolean semaphore, String key, String token, long limit, long timeout, long lease) {

    enum Kind {
        ACQUIRE,
        ENQUEUE,
        AWAIT,
        RELEASE,
        RENEW,
        OTHER
    }

    static WireRequest of(Event sent) {
        String[] words = (sent.text() == null ? "" : sent.text()).trim().split("\\s+");
        String key = sent.key() == null ? "" : sent.key();
        String command = words[0];
        boolean semaphore = command.length() == 2 && command.charAt(0) == 's';
        String verb = semaphore ? command.substring(1) : command;
        int after = words.length - 1;
        return switch (verb) {
            case "l" -> {
                int limits = semaphore ? 1 : 0;
                yield after < 1 + limits || after > 2 + limits
                        ? other(semaphore, key)
                        : new WireRequest(
                                Kind.ACQUIRE,
                                semaphore,
                                key,
                                "",
                                semaphore ? number(words, 2) : 1,
                                number(words, 1),
                                number(words, 2 + limits));
            }
            case "e" -> {
                int limits = semaphore ? 1 : 0;
                yield after < limits || after > 1 + limits
                        ? other(semaphore, key)
                        : new WireRequest(
                                Kind.ENQUEUE,
                                semaphore,
                                key,
                                "",
                                semaphore ? number(words, 1) : 1,
                                -1,
                                number(words, 1 + limits));
            }
            case "w" -> new WireRequest(Kind.AWAIT, semaphore, key, "", 0, number(words, 1), 0);
            case "r" -> new WireRequest(Kind.RELEASE, semaphore, key, word(words, 1), 0, -1, 0);
            case "n" -> new WireRequest(Kind.RENEW, semaphore, key, word(words, 1), 0, -1, number(words, 2));
            default -> other(semaphore, key);
        };
    }

    private static WireRequest other(boolean semaphore, String key) {
        return new WireRequest(Kind.OTHER, semaphore, key, "", 0, -1, 0);
    }

    private static String word(String[] words, int index) {
        return index < words.length ? words[index] : "";
    }

    private static long number(String[] words, int index) {
        try {
            return index < words.length ? Math.max(0, Long.parseLong(words[index])) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** The queue that the request is about: the key, and which of the two key spaces. */
    String queue() {
        return (semaphore ? "s:" : "l:") + key;
    }

    /** The grant that the request names. */
    String grant() {
        return key + '\n' + token;
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;

/**
 * A reply as the checks see it.
 *
 * @param status the first word
 * @param token the token of a grant, or empty
 * @param seconds the lease granted or renewed to, or 0
 */
record WireReply(String status, String token, long seconds) {

    static WireReply of(WireRequest request, Event received) {
        String[] words = (received.text() == null ? "" : received.text()).split(" ", 4);
        return switch (request.kind()) {
            case ACQUIRE, ENQUEUE, AWAIT ->
                words.length >= 3
                        ? new WireReply(words[0], words[1], number(words[2]))
                        : new WireReply(words[0], "", 0);
            case RENEW -> new WireReply(words[0], "", words.length >= 2 ? number(words[1]) : 0);
            case RELEASE, OTHER -> new WireReply(words[0], "", 0);
        };
    }

    private static long number(String word) {
        try {
            return Math.max(0, Long.parseLong(word));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    boolean ok() {
        return status.equals("ok");
    }

    /** Whether it gives a slot: {@code ok} or {@code acquired} with a token. */
    boolean grants() {
        return !token.isEmpty() && seconds > 0 && (ok() || status.equals("acquired"));
    }
}

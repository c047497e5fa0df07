package io.dflockd.junit;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.journal.Change;
import io.dflockd.fake.journal.RecordedRequest;
import io.dflockd.fake.protocol.Command;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Something that happened on a fake, in words.
 *
 * @param at when, nanoseconds of the server's clock
 * @param order of what happened at the same time
 * @param what it was
 */
record StoryLine(long at, Order order, String what) {

    /** What comes first of what happens at the same time: a connection, a request, its consequences. */
    enum Order {
        CAUSE,
        REQUEST,
        CONSEQUENCE
    }

    private static final Pattern TOKEN = Pattern.compile("\\b[0-9a-f]{32,}\\b");
    private static final int SHOWN = 8;
    private static final int LONGEST_REPLY = 60;

    /**
     * A request and what became of it in the end.
     *
     * @param waits of which requests it is known that they had to wait
     */
    static StoryLine of(RecordedRequest request, Set<List<Long>> waits) {
        boolean waited =
                waits.contains(List.of(request.connection(), request.at())) && request.change() != Change.QUEUED;
        String struck = request.faults().stream()
                .map(strike -> " [" + text(strike) + ']')
                .collect(Collectors.joining());
        return new StoryLine(
                request.at(),
                Order.REQUEST,
                "conn " + request.connection() + " #" + request.number() + ' ' + asked(request) + ": "
                        + (waited ? "had to wait, then " : "") + change(request.change()) + struck + answer(request));
    }

    /** The requests, by connection and time, that had to wait. */
    static Set<List<Long>> waits(List<EngineEvent> events) {
        Set<List<Long>> waits = new HashSet<>();
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.Enqueued e && e.blocked()) {
                waits.add(List.of(e.conn(), e.at()));
            } else if (event instanceof EngineEvent.AwaitBegan e) {
                waits.add(List.of(e.conn(), e.at()));
            }
        }
        return waits;
    }

    private static String asked(RecordedRequest request) {
        Command command = request.command();
        String word = command.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (command instanceof Command.Malformed malformed) {
            return "sent " + quoted(request.lines()) + ", " + malformed.why();
        } else if (command instanceof Command.Acquire c) {
            return word + ' ' + c.key() + slots(c.limit()) + ", wait " + c.timeoutSeconds() + "s"
                    + lease(c.leaseSeconds());
        } else if (command instanceof Command.Enqueue c) {
            return word + ' ' + c.key() + slots(c.limit()) + lease(c.leaseSeconds());
        } else if (command instanceof Command.Await c) {
            return word + ' ' + c.key() + ", wait " + c.timeoutSeconds() + 's';
        } else if (command instanceof Command.Release c) {
            return word + ' ' + c.key() + ", token " + shortened(c.token());
        } else if (command instanceof Command.Renew c) {
            return word + ' ' + c.key() + ", token " + shortened(c.token()) + lease(c.leaseSeconds());
        }
        return word;
    }

    private static String quoted(List<String> lines) {
        return lines.stream().map(line -> '"' + line + '"').collect(Collectors.joining(" "));
    }

    private static String slots(long limit) {
        return limit == 1 ? "" : " (" + limit + " slots)";
    }

    private static String lease(OptionalLong seconds) {
        return seconds.isEmpty() ? "" : ", lease " + seconds.getAsLong() + "s";
    }

    private static String change(Change change) {
        return change == Change.UNKNOWN ? "nobody knows what it changed" : change.toString();
    }

    private static String answer(RecordedRequest request) {
        Optional<String> reply = request.reply().map(StoryLine::shortened);
        return switch (request.sending()) {
            case PENDING -> ", no reply yet";
            case WRITTEN -> ", reply " + reply.orElse("");
            case CHANGED ->
                ", reply changed by the fault"
                        + reply.map(text -> " from " + text).orElse("");
            case SUPPRESSED ->
                reply.map(text -> ", reply " + text + " never sent").orElse(", no reply");
        };
    }

    /** What happened beside the requests, or later; empty for what their own lines tell. */
    static Optional<StoryLine> of(EngineEvent event) {
        if (event instanceof EngineEvent.Connected e) {
            return Optional.of(new StoryLine(e.at(), Order.CAUSE, "conn " + e.conn() + " connects"));
        } else if (event instanceof EngineEvent.Expired e) {
            String why = e.forced() ? " (the test said so)" : "";
            String what = "the lease of " + e.key() + " is over" + why + ", token " + shortened(e.token());
            return Optional.of(new StoryLine(e.at(), Order.CAUSE, what));
        } else if (event instanceof EngineEvent.Granted e && (e.place() != 0 || e.conn() == 0)) {
            return granted(e);
        } else if (event instanceof EngineEvent.Revoked e) {
            return after(e, e.conn(), " loses " + e.key() + " (" + e.cause() + "), token " + shortened(e.token()));
        } else if (event instanceof EngineEvent.Dropped e) {
            return after(e, e.conn(), " leaves the queue of " + e.key() + " (" + e.cause() + ')');
        }
        return event instanceof EngineEvent.Disconnected e ? after(e, e.conn(), " is gone") : Optional.empty();
    }

    private static Optional<StoryLine> granted(EngineEvent.Granted grant) {
        String what = " gets " + grant.key() + (grant.place() == 0 ? "" : ", its turn has come") + ", token "
                + shortened(grant.token());
        return grant.conn() == 0
                ? Optional.of(new StoryLine(grant.at(), Order.CAUSE, "a scripted holder" + what))
                : after(grant, grant.conn(), what);
    }

    private static Optional<StoryLine> after(EngineEvent event, long connection, String what) {
        String who = connection == 0 ? "a scripted holder" : "conn " + connection;
        return Optional.of(new StoryLine(event.at(), Order.CONSEQUENCE, who + what));
    }

    /** A fault, or what it does. */
    static String text(Object fault) {
        return fault.toString().replace("[]", "");
    }

    /** Tokens are long, and their beginning is enough to tell them apart; so is that of a long reply. */
    static String shortened(String text) {
        String shorter = TOKEN.matcher(text).replaceAll(token -> token.group().substring(0, SHOWN) + "..");
        return shorter.length() <= LONGEST_REPLY ? shorter : shorter.substring(0, LONGEST_REPLY) + "..";
    }
}

package io.dflockd.fake.journal;

import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.protocol.Command;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One request as the server saw it, and what became of it so far. A picture of one moment: ask the journal again to see how it went on.
 *
 * @param number in the order in which the server began with them, from 1 since the start or the last reset
 * @param connection the number of the connection, from 1
 * @param exchange the number of the request on its connection, from 1
 * @param command the request; {@link Command.Malformed} if it is none, or did not come to its end. A secret is masked
 * @param lines what the client sent, without line feeds. A secret shows as {@code ***}; control characters and what is no UTF-8 as {@code \xNN}, a backslash doubled
 * @param at when the request was complete, nanoseconds of the server's clock
 * @param wallTime the same moment on the machine's clock, for comparison with logs
 * @param faults what struck it, in that order; mostly nothing
 * @param reply the reply that was decided, if any, without its line feed; a very long one is cut, and says so
 * @param sending what has become of the reply
 * @param change what the request has changed on the server
 */
public record RecordedRequest(
        long number,
        long connection,
        long exchange,
        Command command,
        List<String> lines,
        long at,
        Instant wallTime,
        List<Strike> faults,
        Optional<String> reply,
        Sending sending,
        Change change) {

    /** A fault that struck a request. */
    public record Strike(Phase phase, Effect effect) {

        /** As in a journal line: {@code AFTER_APPLY_BEFORE_REPLY Reset}. */
        @Override
        public String toString() {
            return phase + " " + effect.toString().replace("[]", "");
        }
    }

    public RecordedRequest {
        lines = List.copyOf(lines);
        faults = List.copyOf(faults);
    }

    /** Whether the request was carried out, with or without an effect on the state; also if its client never hears of it. */
    public boolean isApplied() {
        return change != Change.NOT_APPLIED && change != Change.UNKNOWN;
    }

    /** Whether it still waits, or its reply does. */
    public boolean isPending() {
        return sending == Sending.PENDING;
    }

    /** One line: {@code #7 conn=2 l orders -> granted [AFTER_APPLY_BEFORE_REPLY Reset] reply suppressed}. */
    @Override
    public String toString() {
        String struck = faults.stream().map(strike -> " [" + strike + ']').collect(Collectors.joining());
        return "#" + number + " conn=" + connection + ' ' + request() + " -> " + change + struck + ' ' + answer();
    }

    private String request() {
        if (command instanceof Command.Malformed malformed) {
            String quoted = lines.stream().map(line -> '"' + line + '"').collect(Collectors.joining(" "));
            return (quoted + " (" + malformed.why() + ')').stripLeading();
        }
        return command instanceof Command.OnKey ? lines.get(0) + ' ' + lines.get(1) : lines.get(0);
    }

    private String answer() {
        return switch (sending) {
            case PENDING -> "reply pending";
            case WRITTEN -> "reply " + reply.orElse("");
            case CHANGED -> "reply changed" + reply.map(text -> ", was " + text).orElse("");
            case SUPPRESSED -> reply.isPresent() ? "reply suppressed" : "no reply";
        };
    }
}

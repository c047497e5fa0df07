package io.dflockd.chaos.check;

import io.dflockd.chaos.check.WireRequest.Kind;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * P5 as clients see it: a timeout is not early, an answer is late by at most a bound, and after a timeout no grant follows.
 *
 * <p>Early is safe from stalls, which only make what was measured longer. Late is not, so the time in which the JVM stood still does not count, and is waited for.
 */
final class ReplyTimes extends Check {

    private static final long EARLY_TOLERANCE = 2_000_000;

    private final long bound;
    private final Stalls stalls = new Stalls();
    private final Deque<Exchange> late = new ArrayDeque<>();
    private final Map<Connection, Event> timedOut = new HashMap<>();
    private long latency;

    /** @param boundNanos how late an answer may be, beside injected latency */
    ReplyTimes(long boundNanos) {
        super("P5");
        bound = boundNanos;
    }

    @Override
    void event(Event event) {
        stalls.event(event);
        if (event.type() == EventType.FAULT && "latency".equals(event.text())) {
            latency = Math.max(latency, event.value());
        }
        while (!late.isEmpty() && event.time() > late.peek().received().time() + Stalls.NOTICED_WITHIN) {
            judgeLate(late.remove());
        }
    }

    @Override
    void sent(Exchange exchange) {
        timedOut.remove(exchange.connection());
    }

    @Override
    void answered(Exchange exchange) {
        WireRequest request = exchange.request();
        if (request.kind() != Kind.ACQUIRE && request.kind() != Kind.AWAIT) {
            return;
        }
        long took = exchange.received().time() - exchange.sent().time();
        long timeout = Spans.ofSeconds(Math.max(0, request.timeout()));
        if (exchange.reply().status().equals("timeout")) {
            if (timeout > 0) {
                reached();
            }
            timedOut.put(exchange.connection(), exchange.received());
            if (took < timeout - timeout / 1000 - EARLY_TOLERANCE) {
                violated(
                        "key '" + request.key() + "': the answer was 'timeout' after " + Spans.text(took)
                                + ", asked for " + request.timeout() + " s",
                        List.of(exchange.sent(), exchange.received()));
            }
        }
        if (took > allowed(timeout)) {
            late.add(exchange);
        }
    }

    private long allowed(long timeout) {
        return Spans.plus(timeout, bound + 2 * latency);
    }

    private void judgeLate(Exchange exchange) {
        long timeout = Spans.ofSeconds(Math.max(0, exchange.request().timeout()));
        long from = exchange.sent().time();
        long to = exchange.received().time();
        long took = to - from - stalls.within(from, to);
        if (took > allowed(timeout)) {
            violated(
                    "key '" + exchange.request().key() + "': answered after " + Spans.text(took)
                            + ", asked for at most " + exchange.request().timeout() + " s",
                    List.of(exchange.sent(), exchange.received()));
        }
    }

    @Override
    void unsolicited(Connection connection, Event received) {
        Event timeout = timedOut.get(connection);
        String[] words = (received.text() + "").split(" ", 4);
        if (timeout != null && received.op() == 0 && words[0].equals("ok") && words.length == 3) {
            violated(
                    "key '" + timeout.key() + "': " + connection.actor() + " was granted after its 'timeout'",
                    List.of(timeout, received));
        }
    }

    @Override
    void ended(Connection connection, Event close) {
        timedOut.remove(connection);
    }

    @Override
    void finish() {
        late.forEach(this::judgeLate);
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.check.WireRequest.Kind;
import io.dflockd.chaos.history.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the clients' events back into exchanges, and tells all checks of them. */
final class Wire {

    private final List<Check> checks;
    private final Map<Long, Connection> connections = new HashMap<>();

    Wire(List<Check> checks) {
        this.checks = checks;
    }

    void event(Event event) {
        switch (event.type()) {
            case SEND -> sent(event);
            case RECEIVE -> received(event);
            case CLOSE -> closed(event);
            default -> {}
        }
    }

    private void sent(Event event) {
        Connection connection = connection(event);
        Exchange exchange = new Exchange(connection, event);
        connection.pending().add(exchange);
        checks.forEach(check -> check.sent(exchange));
    }

    private void received(Event event) {
        Connection connection = connection(event);
        Exchange exchange = connection.pending().peek();
        if (exchange == null || exchange.sent().op() != event.op()) {
            checks.forEach(check -> check.unsolicited(connection, event));
            return;
        }
        connection.pending().remove();
        connection.answered(exchange);
        exchange.answer(event);
        checks.forEach(check -> check.answered(exchange));
        keepPlaces(exchange);
    }

    private static void keepPlaces(Exchange exchange) {
        Map<String, Exchange> places = exchange.connection().places();
        WireRequest request = exchange.request();
        if (request.kind() == Kind.ENQUEUE
                && (exchange.reply().grants() || exchange.reply().status().equals("queued"))) {
            places.put(request.queue(), exchange);
        } else if (request.kind() == Kind.AWAIT) {
            places.remove(request.queue());
        }
    }

    private void closed(Event event) {
        Connection connection = connection(event);
        connections.remove(event.conn());
        checks.forEach(check -> check.ended(connection, event));
    }

    private Connection connection(Event event) {
        return connections.computeIfAbsent(event.conn(), number -> new Connection(number, event.actor()));
    }
}

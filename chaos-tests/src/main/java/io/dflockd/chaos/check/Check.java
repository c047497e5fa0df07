package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One property against one history, event by event. The first violation is kept, and nothing after it changes the result. */
abstract class Check {

    private final String property;
    private long cases;
    private @Nullable Result violation;

    Check(String property) {
        this.property = property;
    }

    String property() {
        return property;
    }

    /** Every event, before its meaning on the wire. */
    void event(Event event) {}

    void sent(Exchange exchange) {}

    /** The reply came; the connection's {@code aliveUntil} counts it already. */
    void answered(Exchange exchange) {}

    /** A line that no request was waiting for. */
    void unsolicited(Connection connection, Event received) {}

    /** The connection was closed or found dead. */
    void ended(Connection connection, Event close) {}

    /** The history is over. */
    void finish() {}

    /** One more situation in which the property could have been violated, and it could have been proved. */
    final void reached() {
        cases++;
    }

    final void violated(String detail, List<Event> evidence) {
        if (violation == null) {
            List<Event> inOrder = evidence.stream()
                    .distinct()
                    .sorted(Comparator.comparingLong(Event::seq))
                    .toList();
            violation = new Result(property, Outcome.INVALID, cases, detail, inOrder);
        }
    }

    Result result() {
        if (violation != null) {
            return violation;
        }
        return new Result(property, cases > 0 ? Outcome.VALID : Outcome.NOT_REACHED, cases, "", List.of());
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.check.WireRequest.Kind;
import io.dflockd.chaos.history.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * P4 in a black box, for limit 1: C overtook B if B's place was acknowledged before C asked, C was granted while B, had it been granted first, would still have
 * held, nothing can have ended B's turn in between, and B was granted afterwards.
 *
 * <p>With more slots the order of replies proves nothing: B's grant may wait on the server for its await. B's connection must have been alive after C's reply,
 * or B's turn may have come and gone with it.
 */
final class Overtaking extends Check {

    /** An acknowledged place, and the first who was granted although he asked later. */
    private static final class Place {
        private final Exchange enqueue;
        private @Nullable Exchange overtaker;
        private @Nullable Exchange granted;
        private boolean doubtful;

        Place(Exchange enqueue) {
            this.enqueue = enqueue;
        }
    }

    private final Map<String, List<Place>> waiting = new HashMap<>();
    private final Map<Connection, List<Place>> unproved = new HashMap<>();
    private final Map<String, Place> lastServed = new HashMap<>();

    Overtaking() {
        super("P4");
    }

    @Override
    void event(Event event) {
        if (event.key() != null && BeliefWindows.isForcedExpiry(event)) {
            waiting.getOrDefault("l:" + event.key(), List.of()).forEach(place -> place.doubtful = true);
            waiting.getOrDefault("s:" + event.key(), List.of()).forEach(place -> place.doubtful = true);
        }
    }

    @Override
    void answered(Exchange exchange) {
        WireRequest request = exchange.request();
        Optional<Exchange> entry = request.kind() == Kind.AWAIT ? placeOf(exchange) : Optional.of(exchange);
        if (request.kind() == Kind.ENQUEUE
                && request.limit() == 1
                && exchange.reply().status().equals("queued")) {
            waiting.computeIfAbsent(request.queue(), q -> new ArrayList<>()).add(new Place(exchange));
        }
        if (exchange.reply().grants() && entry.isPresent()) {
            overtake(exchange, entry.get());
        }
        if (request.kind() == Kind.AWAIT) {
            entry.ifPresent(enqueue -> awaited(exchange, enqueue));
        }
        prove(exchange.connection());
    }

    private static Optional<Exchange> placeOf(Exchange await) {
        return Optional.ofNullable(
                await.connection().places().get(await.request().queue()));
    }

    /** C was granted: whoever was acknowledged before C asked, and still waits, has been overtaken, unless it turns out otherwise. */
    private void overtake(Exchange granted, Exchange entry) {
        if (entry.request().limit() != 1) {
            return;
        }
        reachedIfBehind(entry);
        for (Place place : waiting.getOrDefault(granted.request().queue(), List.of())) {
            if (place.overtaker == null
                    && place.enqueue != entry
                    && place.enqueue.received().seq() < entry.sent().seq()) {
                place.overtaker = granted;
            }
        }
    }

    /** C asked behind B, while B still waited, and both were granted in that order. */
    private void reachedIfBehind(Exchange entry) {
        Place served = lastServed.get(entry.request().queue());
        if (served != null
                && served.granted != null
                && served.enqueue.received().seq() < entry.sent().seq()
                && entry.sent().seq() < served.granted.received().seq()) {
            reached();
        }
    }

    private void awaited(Exchange await, Exchange enqueue) {
        List<Place> places = waiting.getOrDefault(enqueue.request().queue(), new ArrayList<>());
        for (Place place : List.copyOf(places)) {
            if (place.enqueue == enqueue) {
                places.remove(place);
                if (await.reply().grants()) {
                    place.granted = await;
                    lastServed.put(enqueue.request().queue(), place);
                    judge(place, await);
                }
            }
        }
    }

    private void judge(Place place, Exchange granted) {
        long asked = place.enqueue.request().lease();
        long told = granted.reply().seconds();
        long lease = asked == 0 ? told : Math.min(asked, told);
        Exchange overtaker = place.overtaker;
        boolean stillOurs = overtaker != null
                && overtaker.received().time()
                        < Spans.leaseEnd(place.enqueue.sent().time(), lease);
        if (stillOurs && !place.doubtful) {
            unproved.computeIfAbsent(granted.connection(), c -> new ArrayList<>())
                    .add(place);
        }
    }

    private void prove(Connection connection) {
        List<Place> places = unproved.get(connection);
        if (places == null) {
            return;
        }
        for (Place place : places) {
            Exchange overtaker = place.overtaker;
            Exchange granted = place.granted;
            if (overtaker != null
                    && granted != null
                    && connection.aliveUntil() >= overtaker.received().time()) {
                reached();
                violated(
                        "key '" + granted.request().key() + "': "
                                + overtaker.connection().actor() + " was granted before " + connection.actor()
                                + ", whose place was acknowledged before "
                                + overtaker.connection().actor() + " asked",
                        List.of(
                                place.enqueue.sent(),
                                place.enqueue.received(),
                                overtaker.sent(),
                                overtaker.received(),
                                granted.sent(),
                                granted.received()));
            }
        }
    }

    @Override
    void ended(Connection connection, Event close) {
        unproved.remove(connection);
        waiting.values().forEach(places -> places.removeIf(place -> place.enqueue.connection() == connection));
        waiting.values().removeIf(List::isEmpty);
    }
}

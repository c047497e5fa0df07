package io.dflockd.chaos.model;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EngineEvent.AwaitBegan;
import io.dflockd.fake.engine.EngineEvent.Dropped;
import io.dflockd.fake.engine.EngineEvent.Enqueued;
import io.dflockd.fake.engine.EngineEvent.Expired;
import io.dflockd.fake.engine.EngineEvent.Granted;
import io.dflockd.fake.engine.EngineEvent.Rearmed;
import io.dflockd.fake.engine.EngineEvent.Released;
import io.dflockd.fake.engine.EngineEvent.Renewed;
import io.dflockd.fake.engine.EngineEvent.Replied;
import io.dflockd.fake.engine.EngineEvent.Revoked;
import io.dflockd.fake.engine.EngineOptions;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the engine's events must never show, whatever was asked: each rule is a property of PROPERTIES.md section 2. Knows nothing of the model. */
final class EngineRules implements EventSink {

    static final class Held {
        final long conn;
        final Key key;
        final long limit;
        long deadline;

        Held(long conn, Key key, long limit, long deadline) {
            this.conn = conn;
            this.key = key;
            this.limit = limit;
            this.deadline = deadline;
        }
    }

    static final class Place {
        final long conn;
        final long number;
        final long limit;
        long deadline;

        Place(long conn, long number, long limit, long deadline) {
            this.conn = conn;
            this.number = number;
            this.limit = limit;
            this.deadline = deadline;
        }
    }

    private final EngineOptions options;
    private final Map<String, Held> live = new HashMap<>();
    private final Map<String, Key> issued = new HashMap<>();
    private final Map<Key, List<Place>> queues = new HashMap<>();
    private final Set<Long> dropped = new HashSet<>();
    private final ReplyRules replies = new ReplyRules(this);
    private OptionalLong leaving = OptionalLong.empty();
    private Optional<Violation> broken = Optional.empty();

    EngineRules(EngineOptions options) {
        this.options = options;
    }

    /** The connection sends this next. */
    void begin(long conn, Command command, long now) {
        replies.begin(conn, command, now);
    }

    /** The server sees next that the connection is gone. */
    void leave(long conn) {
        leaving = OptionalLong.of(conn);
    }

    /** After each step: throws what its events broke. */
    void check(long now) {
        queues.forEach((key, queue) -> checkQueue(key, queue, now));
        checkSweep(now + 1);
        if (leaving.isPresent() && options.autoRelease()) {
            long conn = leaving.getAsLong();
            boolean holds = live.values().stream().anyMatch(held -> held.conn == conn);
            boolean waits = queues.values().stream().anyMatch(q -> q.stream().anyMatch(p -> p.conn == conn));
            require(!holds && !waits, "P12", "connection %s is gone and still holds or waits", conn);
        }
        leaving = OptionalLong.empty();
        broken.ifPresent(violation -> {
            throw violation;
        });
    }

    /** When everybody has left and every lease and timeout is over. */
    void checkEmpty() {
        boolean empty = live.isEmpty() && queues.values().stream().allMatch(List::isEmpty);
        require(empty, "P9", "holders %s or waiters are left", live.keySet());
        broken.ifPresent(violation -> {
            throw violation;
        });
    }

    /** No holder outlives the first sweep after its lease. */
    private void checkSweep(long now) {
        live.forEach((token, held) -> {
            long sweep = -Math.floorDiv(-held.deadline, options.sweepInterval()) * options.sweepInterval();
            require(sweep >= now, "P9", "%s outlived its lease and a sweep", token);
        });
    }

    private void checkQueue(Key key, List<Place> queue, long now) {
        if (!queue.isEmpty()) {
            long limit = queue.get(0).limit;
            require(holders(key) >= limit, "P7", "a slot of %s is free although somebody waits", key);
            for (Place place : queue) {
                require(
                        place.deadline > now,
                        "P5",
                        "connection %s still waits for %s after its timeout",
                        place.conn,
                        key);
            }
        }
    }

    @Override
    public void accept(EngineEvent event) {
        checkSweep(event.at());
        if (event instanceof Enqueued e) {
            replies.enqueued(e);
            queue(e.key()).add(new Place(e.conn(), e.place(), e.limit(), e.deadline()));
        } else if (event instanceof AwaitBegan e) {
            Optional<Place> place = place(e.key(), e.place());
            require(place.isPresent() && place.get().conn == e.conn(), "P6", "an await without a place: %s", e);
            place.ifPresent(p -> p.deadline = e.deadline());
        } else if (event instanceof Granted e) {
            granted(e);
        } else if (event instanceof Renewed e) {
            tokenUsed(e.token(), e.key(), e);
            require(replies.presents(e.conn(), e.key(), e.token()), "P11", "nobody asked for %s", e);
            prolong(e.token(), e.at(), e.deadline(), e);
        } else if (event instanceof Rearmed e) {
            tokenUsed(e.token(), e.key(), e);
            prolong(e.token(), e.at(), e.deadline(), e);
        } else if (event instanceof Released e) {
            tokenUsed(e.token(), e.key(), e);
            require(replies.presents(e.conn(), e.key(), e.token()), "P11", "nobody asked for %s", e);
            end(e.token());
        } else if (event instanceof Expired e) {
            tokenUsed(e.token(), e.key(), e);
            Held held = end(e.token());
            require(held == null || held.deadline <= e.at(), "P13", "expired before its time: %s", e);
        } else if (event instanceof Revoked e) {
            tokenUsed(e.token(), e.key(), e);
            Held held = end(e.token());
            require(held == null || leavesWith(held.conn), "P12", "not a slot of the one who left: %s", e);
        } else if (event instanceof Dropped e) {
            dropped(e);
        } else if (event instanceof Replied e) {
            replies.replied(e);
        }
    }

    private void granted(Granted e) {
        require(issued.put(e.token(), e.key()) == null, "P8", "the token was given before: %s", e);
        List<Place> queue = queue(e.key());
        if (e.place() == 0) {
            require(queue.isEmpty(), "P4", "overtook the queue: %s", e);
        } else {
            require(!dropped.contains(e.place()), "P5", "the place had been given up: %s", e);
            require(
                    place(e.key(), e.place()).stream().allMatch(p -> p.deadline > e.at()),
                    "P5",
                    "after its timeout: %s",
                    e);
            boolean head = !queue.isEmpty() && queue.get(0).number == e.place();
            require(head, "P4", "not the head of the queue: %s", e);
            require(!head || queue.get(0).conn == e.conn(), "P2", "granted to another connection: %s", e);
            queue.removeIf(place -> place.number == e.place());
        }
        long alive = live.values().stream()
                .filter(held -> held.key.equals(e.key()) && held.deadline > e.at())
                .count();
        require(alive < e.limit(), "P1", "%s live holders already: %s", alive, e);
        require(holders(e.key()) < e.limit(), "P7", "the slots are not free yet: %s", e);
        replies.granted(e);
        live.put(e.token(), new Held(e.conn(), e.key(), e.limit(), e.deadline()));
    }

    private @Nullable Held end(String token) {
        replies.ended(token);
        return live.remove(token);
    }

    private void dropped(Dropped e) {
        Optional<Place> place = place(e.key(), e.place());
        require(place.isPresent(), "P5", "no such place: %s", e);
        if (e.cause().equals("timeout")) {
            require(place.isEmpty() || place.get().deadline <= e.at(), "P5", "before its time: %s", e);
        } else {
            require(place.isEmpty() || leavesWith(place.get().conn), "P12", "not a place of the one who left: %s", e);
        }
        dropped.add(e.place());
        queue(e.key()).removeIf(p -> p.number == e.place());
    }

    private void tokenUsed(String token, Key key, EngineEvent event) {
        boolean known =
                Optional.ofNullable(issued.get(token)).filter(key::equals).isPresent();
        require(known, "P11", "no token of that key: %s", event);
        require(!known || live.containsKey(token), "P10", "the slot was gone already: %s", event);
    }

    private void prolong(String token, long at, long deadline, EngineEvent event) {
        Held held = live.get(token);
        if (held != null) {
            require(held.deadline > at, "P10", "the lease was over: %s", event);
            held.deadline = deadline;
        }
    }

    private boolean leavesWith(long conn) {
        return options.autoRelease() && leaving.isPresent() && leaving.getAsLong() == conn;
    }

    Optional<Held> held(String token) {
        return Optional.ofNullable(live.get(token));
    }

    /** The first breach counts: what follows may be its consequence. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    void require(boolean holds, String property, String message, Object... values) {
        if (!holds && broken.isEmpty()) {
            broken = Optional.of(Violation.of(property, String.format(message, values)));
        }
    }

    private long holders(Key key) {
        return live.values().stream().filter(held -> held.key.equals(key)).count();
    }

    private List<Place> queue(Key key) {
        return queues.computeIfAbsent(key, k -> new ArrayList<>());
    }

    private Optional<Place> place(Key key, long number) {
        return queue(key).stream().filter(p -> p.number == number).findFirst();
    }
}

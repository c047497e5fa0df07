package io.dflockd.fake.journal;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.journal.ServerState.Held;
import io.dflockd.fake.journal.ServerState.Queued;
import io.dflockd.fake.protocol.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Keeps account of the engine by its events: who holds and waits now, what has happened to each key, and the newest events themselves.
 *
 * <p>Its memory has a limit: idle keys beyond a number are forgotten, the longest idle first. Used under the server's lock.
 */
final class Ledger implements EventSink {

    private final int mostKeys;
    private final Map<Key, KeyStory> busy = new HashMap<>();
    private final Map<Key, KeyStory> idle = new LinkedHashMap<>();
    private final Map<Long, Queued> queued = new LinkedHashMap<>();
    private final TreeSet<Long> connections = new TreeSet<>();
    private final Ring<EngineEvent> events;
    private long forgottenKeys;

    /** An account that is empty; it keeps so many events, and remembers so many keys that nobody holds. */
    Ledger(int mostEvents, int mostKeys) {
        this.events = new Ring<>(mostEvents);
        this.mostKeys = mostKeys;
    }

    @Override
    public void accept(EngineEvent event) {
        if (event instanceof EngineEvent.Replied) {
            return;
        }
        events.add(event);
        if (event instanceof EngineEvent.Granted granted) {
            queued.remove(granted.place());
            busy(granted.key()).granted(granted);
        } else if (event instanceof EngineEvent.Released released) {
            ended(released.key(), released.token(), event);
        } else if (event instanceof EngineEvent.Expired expired) {
            ended(expired.key(), expired.token(), event);
        } else if (event instanceof EngineEvent.Revoked revoked) {
            ended(revoked.key(), revoked.token(), event);
        } else if (event instanceof EngineEvent.Renewed renewed) {
            busy(renewed.key()).renewed(renewed.token(), renewed.deadline());
        } else if (event instanceof EngineEvent.Rearmed rearmed) {
            busy(rearmed.key()).renewed(rearmed.token(), rearmed.deadline());
        } else {
            waits(event);
        }
    }

    private void waits(EngineEvent event) {
        if (event instanceof EngineEvent.Enqueued enqueued) {
            queued.put(enqueued.place(), new Queued(enqueued.key(), enqueued.conn(), enqueued.place()));
        } else if (event instanceof EngineEvent.Dropped dropped) {
            queued.remove(dropped.place());
        } else if (event instanceof EngineEvent.Connected connected) {
            connections.add(connected.conn());
        } else if (event instanceof EngineEvent.Disconnected disconnected) {
            connections.remove(disconnected.conn());
        }
    }

    private KeyStory busy(Key key) {
        KeyStory known = busy.get(key);
        if (known == null) {
            known = Optional.ofNullable(idle.remove(key)).orElseGet(KeyStory::new);
            busy.put(key, known);
        }
        return known;
    }

    private void ended(Key key, String token, EngineEvent how) {
        KeyStory story = busy(key);
        story.ended(token, how);
        if (story.isIdle()) {
            busy.remove(key);
            idle(key, story);
        }
    }

    private void idle(Key key, KeyStory story) {
        idle.put(key, story);
        if (idle.size() > mostKeys) {
            idle.remove(idle.keySet().iterator().next());
            forgottenKeys++;
        }
    }

    /** What has happened to the key; nothing if it never had a holder, or was forgotten. */
    Optional<KeyStory> story(Key key) {
        return Optional.ofNullable(busy.get(key)).or(() -> Optional.ofNullable(idle.get(key)));
    }

    /** How many idle keys were forgotten, because there were too many. */
    long forgottenKeys() {
        return forgottenKeys;
    }

    Ring<EngineEvent> events() {
        return events;
    }

    ServerState state() {
        List<Held> held = new ArrayList<>();
        busy.keySet().stream()
                .sorted()
                .forEach(key -> held.addAll(
                        Optional.ofNullable(busy.get(key)).orElseThrow().holders.values()));
        return new ServerState(held, List.copyOf(queued.values()), new TreeSet<>(connections));
    }

    /** The server has lost its state, not its past: nobody holds or waits any more, and nobody was told. */
    void stateLost() {
        busy.forEach((key, story) -> {
            story.lost();
            idle(key, story);
        });
        busy.clear();
        queued.clear();
        connections.clear();
    }

    /** Nothing has happened yet. */
    void clear() {
        stateLost();
        idle.clear();
        events.clear();
        forgottenKeys = 0;
    }
}

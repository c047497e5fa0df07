package io.dflockd.fake.journal;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.journal.KeyStory.Overlap;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ready assertions about what has happened on the server since its start or last reset, by the server's own truth and not by what clients believe.
 *
 * <p>Each returns this, so that they can be chained, and throws an {@link AssertionError} that says what was expected, what was found and what happened around
 * it. What another server behind a proxy did is not known here.
 */
public final class Verification {

    private static final int NEAREST = 12;

    private final Records records;

    Verification(Records records) {
        this.records = records;
    }

    /**
     * At no time were there more holders of the key than its limit. A lease counts until the server notices that it is over, is told of its release, or takes it
     * away; what a client believes does not count. Where locks and semaphores have names of their own (V2), holders with the same limit are taken together.
     */
    public Verification neverHeldTwice(String key) {
        Key name = Key.of(key);
        return records.read(() -> {
            Optional<KeyStory> story = records.ledger().story(name);
            if (story.isEmpty() && records.ledger().forgottenKeys() > 0) {
                throw failed(name, "at most as many holders as " + name + " has slots", "no memory of it");
            }
            story.flatMap(known -> known.overlap).ifPresent(overlap -> {
                throw heldTwice(name, overlap);
            });
            return this;
        });
    }

    private AssertionError heldTwice(Key key, Overlap overlap) {
        long limit = overlap.grant().limit();
        String found = "one more with token " + overlap.grant().token() + ", granted to conn="
                + overlap.grant().conn() + " at " + overlap.grant().at() + " ns while others held it"
                + Journal.lines(":", overlap.others());
        List<EngineEvent> all = eventsOf(key);
        int at = all.indexOf(overlap.grant());
        int end = at < 0 ? all.size() : Math.min(all.size(), at + NEAREST / 2);
        return failed(
                key,
                "at most " + limit + (limit == 1 ? " holder" : " holders") + " of " + key + " at any time",
                found,
                all.subList(0, end));
    }

    /**
     * The key was granted with these tokens in this order. There may have been other grants before, between and after them.
     *
     * @throws IllegalArgumentException if there is no token
     */
    public Verification grantedInOrder(String key, String... tokens) {
        if (tokens.length == 0) {
            throw new IllegalArgumentException("name the tokens in the order in which they must have been granted");
        }
        Key name = Key.of(key);
        return records.read(() -> {
            List<String> granted = new ArrayList<>();
            for (EngineEvent event : eventsOf(name)) {
                if (event instanceof EngineEvent.Granted grant) {
                    granted.add(grant.token());
                }
            }
            int from = 0;
            for (String token : tokens) {
                int at = granted.indexOf(token);
                if (at < from) {
                    String why = at < 0 ? " was not granted" : " was granted too early";
                    String found = token + why + "; in order" + Journal.lines(":", granted);
                    throw failed(name, "grants of " + name + " in the order " + String.join(", ", tokens), found);
                }
                from = at + 1;
            }
            return this;
        });
    }

    /** The key was granted at least once, nobody holds it now, and every lease of it ended by a release: not by its time, a lost connection or a thief. */
    public Verification released(String key) {
        Key name = Key.of(key);
        String expected = "every lease of " + name + " ended by a release";
        return records.read(() -> {
            KeyStory story = records.ledger()
                    .story(name)
                    .orElseThrow(() -> failed(name, expected, "no grant of it; look at the key's name"));
            if (!story.isIdle()) {
                throw failed(name, expected, "it is held" + Journal.lines(":", List.copyOf(story.holders.values())));
            }
            story.otherEnd.ifPresent(end -> {
                throw failed(name, expected, end);
            });
            return this;
        });
    }

    /** Nobody holds anything and nobody waits for anything now. Idle connections are no leak. */
    public Verification noLeaks() {
        return records.read(() -> {
            ServerState state = records.ledger().state();
            if (!state.isQuiet()) {
                List<Object> leaks = new ArrayList<>(state.held());
                leaks.addAll(state.queued());
                String found = state.held().size() + " held and "
                        + state.queued().size() + " queued" + Journal.lines(":", leaks);
                throw new AssertionError("expected: nobody holds and nobody waits\nfound: " + found
                        + nearest(
                                "events",
                                records.ledger().events().list(),
                                records.ledger().events().dropped())
                        + nearest(
                                "requests",
                                records.journal().requests(),
                                records.journal().dropped()));
            }
            return this;
        });
    }

    private AssertionError failed(Key key, String expected, String found) {
        return failed(key, expected, found, eventsOf(key));
    }

    private AssertionError failed(Key key, String expected, String found, List<EngineEvent> events) {
        long forgotten = records.ledger().forgottenKeys();
        String lost = forgotten == 0 ? "" : "\n(" + forgotten + " other keys were forgotten)";
        List<RecordedRequest> requests = records.journal().requests().stream()
                .filter(request -> request.command() instanceof Command.OnKey of
                        && of.key().equals(key))
                .toList();
        return new AssertionError("expected: " + expected + "\nfound: " + found + lost
                + nearest("events of " + key, events, records.ledger().events().dropped())
                + nearest("requests for " + key, requests, records.journal().dropped()));
    }

    private static String nearest(String what, List<?> all, long dropped) {
        List<?> shown = all.subList(Math.max(0, all.size() - NEAREST), all.size());
        String lost = dropped == 0
                ? ""
                : " (" + dropped + " older ones of all were dropped; FakeOptions.withJournalSize keeps more)";
        return "\nnearest " + what + lost + Journal.lines(":", shown) + (shown.isEmpty() ? ": none" : "");
    }

    private List<EngineEvent> eventsOf(Key key) {
        return records.ledger().events().list().stream()
                .filter(event -> Events.key(event).filter(key::equals).isPresent())
                .toList();
    }
}

package io.dflockd.fake.journal;

import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.engine.EngineEvent.Granted;
import io.dflockd.fake.journal.ServerState.Held;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has happened to one key, in short. Used under the server's lock. */
final class KeyStory {

    /** More held the key than may: the grant that was too much, and who held it already. */
    record Overlap(Granted grant, List<Held> others) {}

    /** By token, in the order of the grants. */
    final Map<String, Held> holders = new LinkedHashMap<>();

    Optional<Overlap> overlap = Optional.empty();

    /** How the first lease ended that did not end by a release. */
    Optional<String> otherEnd = Optional.empty();

    void granted(Granted grant) {
        if (overlap.isEmpty() && holders.size() >= grant.limit()) {
            findOverlap(grant);
        }
        holders.put(grant.token(), new Held(grant.key(), grant.token(), grant.conn(), grant.limit(), grant.deadline()));
    }

    /** Where locks and semaphores have names of their own, holders with another limit hold something else. */
    private void findOverlap(Granted grant) {
        List<Held> others = holders.values().stream()
                .filter(held -> held.limit() == grant.limit())
                .toList();
        if (others.size() >= grant.limit()) {
            overlap = Optional.of(new Overlap(grant, others));
        }
    }

    void renewed(String token, long deadline) {
        holders.computeIfPresent(
                token, (same, held) -> new Held(held.key(), token, held.connection(), held.limit(), deadline));
    }

    void ended(String token, EngineEvent how) {
        holders.remove(token);
        if (otherEnd.isEmpty() && !(how instanceof EngineEvent.Released)) {
            otherEnd = Optional.of(how.toString());
        }
    }

    /** Nobody holds it any more, because the server has forgotten everything. */
    void lost() {
        if (otherEnd.isEmpty()) {
            otherEnd = holders.values().stream().findFirst().map(held -> "the server has lost its state, and " + held);
        }
        holders.clear();
    }

    boolean isIdle() {
        return holders.isEmpty();
    }
}

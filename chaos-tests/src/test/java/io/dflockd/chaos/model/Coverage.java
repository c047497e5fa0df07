package io.dflockd.chaos.model;

import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which answers a run has seen: a property that never meets a case proves nothing about it. */
final class Coverage {

    private final Set<String> seen = new TreeSet<>();

    /** All that there are on well-formed requests about keys. */
    static List<String> all() {
        List<String> all = new ArrayList<>(List.of("Granted", "Acquired", "Queued", "Renewed", "Done", "TimedOut"));
        for (Status status : Status.values()) {
            if (status != Status.AUTH && status != Status.DRAINING) {
                all.add(status.word());
            }
        }
        return all;
    }

    void saw(Reply reply) {
        seen.add(
                reply instanceof Reply.Refused refused
                        ? refused.status().word()
                        : reply.getClass().getSimpleName());
    }

    Set<String> seen() {
        return seen;
    }
}

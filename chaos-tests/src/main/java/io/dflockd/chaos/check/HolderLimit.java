package io.dflockd.chaos.check;

import io.dflockd.chaos.check.Holders.Holder;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.ArrayList;
import java.util.List;

/** P1, with server truth: never more than {@code limit} live holders of a key. A lease whose deadline has passed is not live, collected or not. */
final class HolderLimit extends Check {

    private final Holders holders = new Holders();

    HolderLimit() {
        super("P1");
    }

    @Override
    void event(Event event) {
        holders.event(event);
        if (event.type() != EventType.GRANT) {
            return;
        }
        reached();
        List<Holder> live = holders.holding(event.key()).stream()
                .filter(holder -> holder.deadline() > event.time())
                .toList();
        if (live.size() > event.limit()) {
            List<Event> evidence = new ArrayList<>();
            for (Holder holder : live) {
                evidence.add(holder.granted());
                evidence.add(holder.last());
            }
            violated(
                    "key '" + event.key() + "' has " + live.size() + " live holders, its limit is " + event.limit(),
                    evidence);
        }
    }
}

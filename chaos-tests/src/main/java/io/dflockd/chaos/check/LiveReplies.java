package io.dflockd.chaos.check;

import io.dflockd.chaos.check.Holders.Holder;
import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.List;
import java.util.Optional;

/** P2, with server truth: a reply that carries a token names a live holder, and goes to that holder's connection. */
final class LiveReplies extends Check {

    private final Holders holders = new Holders();

    LiveReplies() {
        super("P2");
    }

    @Override
    void event(Event event) {
        holders.event(event);
        String token = event.token();
        if (event.type() != EventType.REPLY || token == null) {
            return;
        }
        reached();
        Optional<Holder> holder = holders.byToken(token);
        if (holder.isEmpty()) {
            violated("connection " + event.conn() + " was told of a grant that is not live", List.of(event));
        } else if (holder.get().deadline() < event.time()) {
            Holder over = holder.get();
            violated(
                    "connection " + event.conn() + " was told of a grant whose lease had ended "
                            + Spans.text(event.time() - over.deadline()) + " before",
                    List.of(over.granted(), over.last(), event));
        } else if (holder.get().granted().conn() != event.conn()) {
            violated(
                    "connection " + event.conn() + " was told of the grant of connection "
                            + holder.get().granted().conn(),
                    List.of(holder.get().granted(), event));
        }
    }
}

package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who holds what, by the server's own events. */
final class Holders {

    /** @param granted the GRANT; {@code last} the event that set the deadline */
    record Holder(Event granted, Event last, long deadline) {

        String token() {
            return granted.token() + "";
        }
    }

    private final Map<String, Map<String, Holder>> byKey = new HashMap<>();
    private final Map<String, List<String>> keysOfToken = new HashMap<>();

    void event(Event event) {
        String key = event.key();
        String token = event.token();
        if (key == null || token == null) {
            return;
        }
        switch (event.type()) {
            case GRANT -> granted(key, token, new Holder(event, event, deadline(event)));
            case RENEW, REARM -> {
                Holder holder = of(key).get(token);
                if (holder != null) {
                    of(key).put(token, new Holder(holder.granted, event, deadline(event)));
                }
            }
            case RELEASE, REVOKE -> remove(key, token);
            case EXPIRE -> expired(event, key, token);
            default -> {}
        }
    }

    private static long deadline(Event event) {
        return event.deadline() == 0 ? Spans.NEVER : event.deadline();
    }

    private void granted(String key, String token, Holder holder) {
        byKey.computeIfAbsent(key, k -> new HashMap<>()).put(token, holder);
        keysOfToken.computeIfAbsent(token, t -> new ArrayList<>(1)).add(key);
    }

    /** A lease that ends early although nobody forced it has not ended as far as its holder can know. */
    private void expired(Event event, String key, String token) {
        Holder holder = of(key).get(token);
        if (holder != null && (event.time() >= holder.deadline || "forced".equals(event.text()))) {
            remove(key, token);
        }
    }

    private void remove(String key, String token) {
        Map<String, Holder> holders = of(key);
        if (holders.remove(token) != null) {
            List<String> keys = keysOfToken.getOrDefault(token, new ArrayList<>());
            keys.remove(key);
            if (keys.isEmpty()) {
                keysOfToken.remove(token);
            }
        }
        if (holders.isEmpty()) {
            byKey.remove(key);
        }
    }

    private Map<String, Holder> of(@Nullable String key) {
        Map<String, Holder> holders = byKey.get(key + "");
        return holders == null ? new HashMap<>() : holders;
    }

    /** Everybody whose lease of the key has not ended, leases that are over but not collected included. */
    Collection<Holder> holding(@Nullable String key) {
        return of(key).values();
    }

    /** The holder with this token, of whatever key. */
    Optional<Holder> byToken(String token) {
        List<String> keys = keysOfToken.get(token);
        return keys == null
                ? Optional.empty()
                : Optional.ofNullable(of(keys.get(keys.size() - 1)).get(token));
    }
}

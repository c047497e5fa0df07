package io.dflockd.chaos.check;

import io.dflockd.chaos.history.Event;
import io.dflockd.chaos.history.EventType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Builds the belief windows of a history, and hands them on, key by key in the order in which they opened, as soon as they are decided.
 *
 * <p>The rules are in {@code docs/history.md}. No stall of the JVM can make a window too long: grants are stamped after the read, everything that ends a window
 * before the write, and the connection counts as alive only until the last answered request was sent.
 */
final class BeliefWindows extends Check {

    private final Consumer<BeliefWindow> decided;
    private final Map<String, BeliefWindow> byGrant = new HashMap<>();
    private final Map<Connection, List<BeliefWindow>> byConnection = new HashMap<>();
    private final Map<String, Deque<BeliefWindow>> byQueue = new HashMap<>();
    private final Set<String> expiring = new HashSet<>();
    private final Map<String, Long> lastHeal = new HashMap<>();

    BeliefWindows(Consumer<BeliefWindow> decided) {
        super("P3a");
        this.decided = decided;
    }

    /** The undecided window of the token, if there is one. */
    Optional<BeliefWindow> find(String key, String token) {
        return Optional.ofNullable(byGrant.get(key + '\n' + token));
    }

    @Override
    void event(Event event) {
        if (event.type() == EventType.LOST) {
            find(event.key() + "", event.token() + "").ifPresent(window -> window.cap(event.time(), event));
        } else if (event.key() != null && isForcedExpiry(event)) {
            forced(event, event.key());
        }
    }

    static boolean isForcedExpiry(Event event) {
        return (event.type() == EventType.FAULT || event.type() == EventType.HEAL)
                && event.text() != null
                && event.text().startsWith("expire");
    }

    /** Between FAULT and HEAL some lease of the key ends before its time, and nobody but the server knows which. */
    private void forced(Event event, String key) {
        if (event.type() == EventType.FAULT) {
            expiring.add(key);
        } else {
            expiring.remove(key);
            lastHeal.put(key, event.seq());
        }
        for (BeliefWindow window : byGrant.values()) {
            if (window.grant().startsWith(key + '\n')) {
                window.cap(event.time(), event);
            }
        }
    }

    @Override
    void sent(Exchange exchange) {
        WireRequest request = exchange.request();
        switch (request.kind()) {
            case RELEASE -> {
                BeliefWindow window = byGrant.get(request.grant());
                if (window != null) {
                    window.cap(exchange.sent().time(), exchange.sent());
                }
            }
            case RENEW -> {
                BeliefWindow window = byGrant.get(request.grant());
                if (window != null) {
                    window.mayMove(exchange, Math.max(1, request.lease()));
                }
            }
            case AWAIT -> acquiredBefore(exchange).ifPresent(w -> w.mayMove(exchange, w.leaseSeconds()));
            default -> {}
        }
    }

    private Optional<BeliefWindow> acquiredBefore(Exchange await) {
        Exchange enqueue = await.connection().places().get(await.request().queue());
        return enqueue == null || !enqueue.reply().grants()
                ? Optional.empty()
                : find(await.request().key(), enqueue.reply().token());
    }

    @Override
    void answered(Exchange exchange) {
        WireRequest request = exchange.request();
        WireReply reply = exchange.reply();
        switch (request.kind()) {
            case ACQUIRE, ENQUEUE -> {
                if (reply.grants()) {
                    open(exchange, request.limit(), exchange.sent().seq());
                }
            }
            case AWAIT -> awaited(exchange);
            case RENEW -> {
                BeliefWindow window = byGrant.get(request.grant());
                if (window != null && reply.ok()) {
                    window.moved(exchange, renewedTo(request.lease(), reply.seconds()));
                } else if (window != null) {
                    window.refused(exchange);
                }
            }
            default -> {}
        }
        decideProved(exchange.connection());
    }

    /** V0 answers what remains, a second less than asked for. */
    private static long renewedTo(long asked, long told) {
        return asked > 0 && told >= asked - 1 ? asked : told;
    }

    /**
     * The await of a place that was {@code acquired} moves the window of that grant, or does nothing: what was decided of it (a release or a renew that may still
     * be under way, say) is forgotten, so a second window for the same token could be too long.
     */
    private void awaited(Exchange exchange) {
        Exchange enqueue = exchange.connection().places().get(exchange.request().queue());
        if (enqueue == null) {
            return;
        }
        WireReply reply = exchange.reply();
        boolean same = reply.grants()
                && enqueue.reply().grants()
                && reply.token().equals(enqueue.reply().token());
        acquiredBefore(exchange).ifPresent(window -> {
            if (same) {
                window.moved(exchange, Math.min(window.leaseSeconds(), reply.seconds()));
            } else {
                window.refused(exchange);
            }
        });
        if (reply.grants() && !same) {
            open(exchange, enqueue.request().limit(), enqueue.sent().seq());
        }
    }

    private void open(Exchange by, long limit, long askedSeq) {
        BeliefWindow window = new BeliefWindow(by, limit);
        String key = by.request().key();
        if (expiring.contains(key) || askedSeq < lastHeal.getOrDefault(key, 0L)) {
            window.cap(window.opened(), by.received());
        }
        byGrant.put(window.grant(), window);
        byConnection.computeIfAbsent(by.connection(), c -> new ArrayList<>()).add(window);
        byQueue.computeIfAbsent(window.queue(), q -> new ArrayDeque<>()).add(window);
    }

    private void decideProved(Connection connection) {
        List<BeliefWindow> windows = byConnection.get(connection);
        if (windows != null) {
            windows.forEach(BeliefWindow::decideIfProved);
            forget(connection, windows);
        }
    }

    @Override
    void ended(Connection connection, Event close) {
        List<BeliefWindow> windows = byConnection.get(connection);
        if (windows != null) {
            windows.forEach(BeliefWindow::decide);
            forget(connection, windows);
        }
    }

    @Override
    void finish() {
        for (Connection connection : List.copyOf(byConnection.keySet())) {
            List<BeliefWindow> windows = byConnection.getOrDefault(connection, List.of());
            windows.forEach(BeliefWindow::decide);
            forget(connection, windows);
        }
    }

    private void forget(Connection connection, List<BeliefWindow> windows) {
        List<BeliefWindow> over = windows.stream().filter(BeliefWindow::decided).toList();
        windows.removeAll(over);
        if (windows.isEmpty()) {
            byConnection.remove(connection);
        }
        for (BeliefWindow window : over) {
            byGrant.remove(window.grant(), window);
            handOn(window.queue());
        }
    }

    private void handOn(String queue) {
        Deque<BeliefWindow> windows = byQueue.getOrDefault(queue, new ArrayDeque<>());
        while (!windows.isEmpty() && windows.peek().decided()) {
            decided.accept(windows.remove());
        }
        if (windows.isEmpty()) {
            byQueue.remove(queue);
        }
    }
}

package io.dflockd.chaos.model;

import io.dflockd.fake.engine.EngineEvent.Enqueued;
import io.dflockd.fake.engine.EngineEvent.Granted;
import io.dflockd.fake.engine.EngineEvent.Replied;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What a reply must never say, given what the connection asked for and what the events showed. */
final class ReplyRules {

    /** A request, and whether there was an entry of its connection and key when it came. */
    private record Asked(Command command, long at, boolean hadEntry) {}

    private record Entry(long conn, Key key) {}

    private final EngineRules rules;
    private final Map<Long, Asked> pending = new HashMap<>();
    /** Who enqueued and did not await yet, with the token of the grant, or {@code #} and the number of the place while there is none. */
    private final Map<Entry, String> entries = new HashMap<>();

    ReplyRules(EngineRules rules) {
        this.rules = rules;
    }

    void begin(long conn, Command command, long now) {
        boolean entry = entries.containsKey(new Entry(conn, ((Command.OnKey) command).key()));
        pending.put(conn, new Asked(command, now, entry));
    }

    /** Whether the connection has just presented this token of this key. */
    boolean presents(long conn, Key key, String token) {
        Asked asked = pending.get(conn);
        Command command = asked == null ? null : asked.command();
        if (command instanceof Command.Release release) {
            return release.key().equals(key) && release.token().equals(token);
        }
        return command instanceof Command.Renew renew
                && renew.key().equals(key)
                && renew.token().equals(token);
    }

    void replied(Replied e) {
        Asked asked = pending.remove(e.conn());
        rules.require(asked != null, "P2", "a reply that nobody waits for: %s", e);
        if (asked == null) {
            return;
        }
        Key key = ((Command.OnKey) asked.command()).key();
        if (e.reply() instanceof Reply.Granted r) {
            names(e, asked.command(), r.token(), r.leaseSeconds());
        } else if (e.reply() instanceof Reply.Acquired r) {
            names(e, asked.command(), r.token(), r.leaseSeconds());
        } else if (e.reply() instanceof Reply.Renewed r && asked.command() instanceof Command.Renew c) {
            leaseIs(e, c, c.token(), r.seconds());
        } else if (e.reply() instanceof Reply.TimedOut) {
            long timeout = asked.command() instanceof Command.Acquire c
                    ? c.timeoutSeconds()
                    : ((Command.Await) asked.command()).timeoutSeconds();
            rules.require(e.at() - asked.at() >= TimeUnit.SECONDS.toNanos(timeout), "P5", "timed out early: %s", e);
        }
        if (asked.command() instanceof Command.Renew c && says(e, Status.ERROR)) {
            isOver(e, c.token(), key);
        } else if (says(e, Status.LEASE_EXPIRED)) {
            isOver(e, entries.getOrDefault(new Entry(e.conn(), key), ""), key);
        }
        entry(e, asked, new Entry(e.conn(), key));
    }

    private void isOver(Replied e, String token, Key key) {
        boolean live = rules.held(token)
                .filter(held -> held.key.equals(key) && held.deadline > e.at())
                .isPresent();
        rules.require(!live, "P13", "the lease has not ended: %s", e);
    }

    private void entry(Replied e, Asked asked, Entry entry) {
        boolean known = asked.hadEntry();
        Command command = asked.command();
        if (command instanceof Command.Enqueue && e.reply() instanceof Reply.Acquired r) {
            rules.require(!known, "P6", "enqueued twice: %s", e);
            entries.put(entry, r.token());
        } else if (command instanceof Command.Enqueue) {
            rules.require(known == says(e, Status.ALREADY_ENQUEUED), "P6", "wrong about the entry: %s", e);
        } else if (command instanceof Command.Await) {
            rules.require(known != says(e, Status.NOT_ENQUEUED), "P6", "wrong about the entry: %s", e);
            entries.remove(entry);
        }
    }

    private static boolean says(Replied e, Status status) {
        return e.reply() instanceof Reply.Refused refused && refused.status() == status;
    }

    void enqueued(Enqueued e) {
        if (!e.blocked()) {
            entries.put(new Entry(e.conn(), e.key()), "#" + e.place());
        }
    }

    void granted(Granted e) {
        entries.replaceAll((entry, place) -> place.equals("#" + e.place()) ? e.token() : place);
    }

    /** The slot of this token is gone, and the entry it belonged to. */
    void ended(String token) {
        entries.values().remove(token);
    }

    private void names(Replied e, Command command, String token, long seconds) {
        Key key = ((Command.OnKey) command).key();
        Optional<EngineRules.Held> held = rules.held(token);
        boolean right = held.isPresent()
                && held.get().conn == e.conn()
                && held.get().key.equals(key)
                && held.get().deadline > e.at();
        rules.require(right, "P2", "no live holder: %s", e);
        leaseIs(e, command, token, seconds);
    }

    private void leaseIs(Replied e, Command command, String token, long seconds) {
        Optional<EngineRules.Held> held = rules.held(token);
        long ends = e.at() + TimeUnit.SECONDS.toNanos(seconds);
        boolean right = held.isPresent() && held.get().deadline == ends;
        rules.require(right, command instanceof Command.Await ? "P6" : "P13", "the lease does not end then: %s", e);
    }
}

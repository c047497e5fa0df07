package io.dflockd.chaos.mutants;

import java.util.List;
import java.util.Set;

/** What has gone wrong in lock servers, or could. */
final class Mutants {

    private Mutants() {}

    static final List<Mutant> ALL = List.of(
            mutant(
                    "the head of the queue is skipped",
                    "Slots",
                    "Waiter waiter = queue.next();",
                    "Waiter waiter = queue.next(); if (queue.hasNext()) { waiter = queue.next(); }",
                    "P4"),
            mutant("a newcomer overtakes when leases have ended", "LockEngine", "slots.promote(state, now);", "", "P4"),
            mutant(
                    "a waiter that timed out keeps its place",
                    "Queues",
                    "slots.drop(waiter, \"timeout\", now);",
                    "",
                    "P5"),
            mutant(
                    "a waiter that was granted still times out",
                    "Slots",
                    "cancelTimeout(waiter); connection.entries",
                    "connection.entries",
                    "P5"),
            mutant(
                    "an acquire times out a second early",
                    "LockEngine",
                    "long deadline = Deadline.afterSeconds(now, timeoutSeconds);",
                    "long deadline = Deadline.afterSeconds(now, timeoutSeconds - 1);",
                    "P5"),
            mutant(
                    "a second enqueue replaces the first",
                    "LockEngine",
                    "if (connection.entries.containsKey(name)) {",
                    "if (false) {",
                    "P6"),
            mutant(
                    "an await does not restart the lease",
                    "LockEngine",
                    "slots.setLease(holder, holder.leaseSeconds, now);",
                    "",
                    "P6"),
            mutant(
                    "an await does not use the entry up",
                    "LockEngine",
                    "connection.entries.remove(name); fetch(holder, now);",
                    "fetch(holder, now);",
                    "P6"),
            mutant("one holder too many", "KeyState", "holders.size() < limit", "holders.size() <= limit", "P1", "P7"),
            mutant(
                    "any limit will do",
                    "KeyTable",
                    "known.limit == limit ? Optional.empty() : Optional.of(Status.LIMIT_MISMATCH)",
                    "Optional.empty()",
                    "P7",
                    "P15"),
            mutant(
                    "a held key is forgotten",
                    "KeyTable",
                    "timers.cancel(state.cleanUp);",
                    "",
                    "P1",
                    "P4",
                    "P7",
                    "P13",
                    "P15"),
            mutant(
                    "a release wakes nobody",
                    "LockEngine",
                    "outbox.reply(connection, new Reply.Done(), now); slots.settle(holder.get().key, now);",
                    "outbox.reply(connection, new Reply.Done(), now);"
                            + "if (holder.get().key.queue.isEmpty()) { slots.settle(holder.get().key, now); }",
                    "P7"),
            mutant(
                    "a refused renew wakes nobody",
                    "LockEngine",
                    "outbox.refuse(connection, command.key(), Status.ERROR, now); slots.settle(holder.key, now);",
                    "outbox.refuse(connection, command.key(), Status.ERROR, now);"
                            + "if (holder.key.queue.isEmpty()) { slots.settle(holder.key, now); }",
                    "P7"),
            mutant(
                    "a connection gets the same token again",
                    "Slots",
                    "String token = tokens.get();",
                    "String token = \"t\" + connection.number + key.key;",
                    "P8"),
            mutant(
                    "no sweep",
                    "Slots",
                    "return timers.schedule(tick,",
                    "return timers.schedule(tick + 3 * options.sweepInterval(),",
                    "P9"),
            mutant(
                    "the next deadline is not told",
                    "LockEngine",
                    "return timers.nextDeadline();",
                    "return OptionalLong.empty();",
                    "P9"),
            mutant(
                    "a renew brings an ended lease back",
                    "LockEngine",
                    "if (holder.isOver(now)) { slots.expire(holder, false, now);",
                    "if (false) { slots.expire(holder, false, now);",
                    "P10"),
            mutant(
                    "a release ignores the token",
                    "LockEngine",
                    "Optional<Holder> holder = holder(command, command.token());",
                    "Optional<Holder> holder = holder(command, command.token()).or(() -> keys.find(name(command))"
                            + ".flatMap(s -> s.holders.values().stream().findFirst()));",
                    "P10",
                    "P11"),
            mutant(
                    "a renew ignores the token",
                    "LockEngine",
                    "Optional<Holder> found = holder(command, command.token());",
                    "Optional<Holder> found = holder(command, command.token()).or(() -> keys.find(name(command))"
                            + ".flatMap(s -> s.holders.values().stream().findFirst()));",
                    "P10",
                    "P11",
                    "P15"),
            mutant(
                    "a token opens any key",
                    "LockEngine",
                    "return keys.find(name(command)).map(state -> state.holders.get(token));",
                    "return keys.all().stream().filter(s -> s.holders.containsKey(token))"
                            + ".map(s -> s.holders.get(token)).findFirst();",
                    "P11"),
            mutant(
                    "a closed connection keeps its places",
                    "LockEngine",
                    "for (Waiter waiter : List.copyOf(connection.waiters)) {",
                    "for (Waiter waiter : List.<Waiter>of()) {",
                    "P12"),
            mutant(
                    "a closed connection keeps its slots",
                    "LockEngine",
                    "List.copyOf(connection.holders)",
                    "List.<Holder>of()",
                    "P12"),
            mutant(
                    "a closed connection takes the others' slots with it",
                    "LockEngine",
                    "List.copyOf(connection.holders)",
                    "connection.holders.stream().flatMap(h -> h.key.holders.values().stream()).distinct().toList()",
                    "P12"),
            mutant(
                    "a closed connection frees although auto-release is off",
                    "LockEngine",
                    "if (cleansUp) {",
                    "if (true) {",
                    "P12"),
            mutant("leases end a second early", "Holder", "now >= deadline", "now + 1_000_000_000L >= deadline", "P13"),
            mutant(
                    "a renew adds to the lease",
                    "Slots",
                    "setDeadline(holder, Deadline.afterSeconds(now, seconds));",
                    "setDeadline(holder, Deadline.afterSeconds(holder.deadline, seconds));",
                    "P6",
                    "P13"),
            mutant(
                    "the grant is told to another connection",
                    "Slots",
                    "outbox.reply(connection, new Reply.Granted(",
                    "outbox.reply(key.holders.values().iterator().next().connection, new Reply.Granted(",
                    "P2"),
            mutant(
                    "a blocked waiter is not told of its grant",
                    "Slots",
                    "outbox.reply(connection, new Reply.Granted(holder.token, holder.leaseSeconds), now);",
                    "",
                    "P15"),
            mutant(
                    "one waiter too many",
                    "LockEngine",
                    "state.queue.size() >= options.maxWaiters()",
                    "state.queue.size() > options.maxWaiters()",
                    "P15"),
            mutant("one key too many", "KeyTable", "keys.size() >= options", "keys.size() > options", "P15"));

    private static Mutant mutant(String name, String type, String old, String replacement, String... breaks) {
        return new Mutant(name, type, old, replacement, Set.of(breaks));
    }
}

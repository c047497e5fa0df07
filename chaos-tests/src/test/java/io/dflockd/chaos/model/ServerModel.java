package io.dflockd.chaos.model;

import io.dflockd.fake.engine.Delivery;
import io.dflockd.fake.engine.EngineOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import io.dflockd.fake.protocol.Status;
import java.util.*;
import java.util.function.Predicate;

/** What a V1 server answers, from PROTOCOL.md section 2 and the transcripts: whole scans over one list. Tokens are {@code m1, m2, ...}. */
final class ServerModel {
    private static final long SECOND = 1_000_000_000;

    /** A place in the queue of a key until it has a token, a held slot from then on. */
    private static final class Seat {
        long conn;
        Key key = Key.of("");
        long lease; // seconds
        boolean entry; // taken by an enqueue, and no await came yet
        long giveUp = Long.MAX_VALUE; // when the command that waits for it times out, if one does
        String token = "";
        long leaseEnd = Long.MAX_VALUE;
    }

    private final EngineOptions options;
    private final Map<Key, Long> limits = new HashMap<>();
    private final Map<Key, Long> lastUse = new HashMap<>();
    private final List<Seat> seats = new ArrayList<>(); // in the order of arrival
    private List<Delivery> answers = new ArrayList<>();
    private long now;
    private long tokens;

    ServerModel(EngineOptions options) {
        this.options = options;
    }

    List<Delivery> advanceTo(long target) {
        answers = new ArrayList<>();
        while (now < target) {
            long sweep = (now / options.sweepInterval() + 1) * options.sweepInterval();
            long collect = (now / options.gcInterval() + 1) * options.gcInterval();
            long giveUp = seats.stream().mapToLong(s -> s.giveUp).min().orElse(target);
            now = Math.min(Math.min(giveUp, target), Math.min(sweep, collect));
            if (now == sweep) {
                end(s -> s.leaseEnd <= now);
            }
            if (now == collect) {
                end(s -> false);
                limits.keySet().removeIf(k -> now - lastUse.getOrDefault(k, now) > options.gcMaxIdle());
            }
            all(s -> s.giveUp == now).forEach(this::giveUp);
        }
        return answers;
    }

    /** At the time of the last {@link #advanceTo}. */
    List<Delivery> handle(long conn, Command command) {
        answers = new ArrayList<>();
        if (command instanceof Command.Acquire c) {
            take(conn, c.key(), c.limit(), c.leaseSeconds().orElse(options.defaultLeaseSeconds()), c.timeoutSeconds());
        } else if (command instanceof Command.Enqueue c) {
            take(conn, c.key(), c.limit(), c.leaseSeconds().orElse(options.defaultLeaseSeconds()), -1);
        } else if (command instanceof Command.Await c) {
            one(s -> s.entry && s.conn == conn && s.key.equals(c.key()))
                    .ifPresentOrElse(s -> await(s, c.timeoutSeconds()), () -> refuse(conn, Status.NOT_ENQUEUED));
        } else if (command instanceof Command.Release c) {
            present(conn, c.key(), c.token(), 0);
        } else if (command instanceof Command.Renew c) {
            present(conn, c.key(), c.token(), c.leaseSeconds().orElse(options.defaultLeaseSeconds()));
        }
        return answers;
    }

    /** The server sees that the connection is closed, which is never while one of its commands blocks. */
    List<Delivery> disconnect(long conn) {
        answers = new ArrayList<>();
        return end(s -> options.autoRelease() && s.conn == conn);
    }

    /** An acquire, or an enqueue if the timeout is -1. */
    private void take(long conn, Key key, long limit, long lease, long timeout) {
        if (timeout < 0
                && !all(s -> s.entry && s.conn == conn && s.key.equals(key)).isEmpty()) {
            refuse(conn, Status.ALREADY_ENQUEUED);
        } else if (limits.getOrDefault(key, limit) != limit) {
            refuse(conn, Status.LIMIT_MISMATCH);
        } else if (!limits.containsKey(key) && limits.size() >= options.maxLocks()) {
            refuse(conn, Status.MAX_LOCKS);
        } else {
            limits.put(key, limit);
            end(s -> s.key.equals(key) && s.leaseEnd <= now);
            if (options.maxWaiters() > 0 && all(s -> s.key.equals(key)).size() >= limit + options.maxWaiters()) {
                refuse(conn, Status.MAX_WAITERS);
                return;
            }
            Seat seat = new Seat();
            seat.conn = conn;
            seat.key = key;
            seat.lease = lease;
            seat.entry = timeout < 0;
            seats.add(seat);
            promote();
            if (timeout >= 0) {
                await(seat, timeout);
            } else {
                boolean free = !seat.token.isEmpty();
                answers.add(new Delivery(conn, free ? new Reply.Acquired(seat.token, lease) : new Reply.Queued()));
            }
        }
    }

    private void await(Seat seat, long timeout) {
        seat.entry = false;
        if (seat.leaseEnd <= now) {
            refuse(seat.conn, Status.LEASE_EXPIRED);
        } else if (!seat.token.isEmpty()) {
            grant(seat);
        } else if (timeout == 0) {
            giveUp(seat);
        } else {
            seat.giveUp = now + timeout * SECOND;
        }
    }

    private void grant(Seat seat) {
        seat.giveUp = Long.MAX_VALUE;
        seat.leaseEnd = now + seat.lease * SECOND;
        answers.add(new Delivery(seat.conn, new Reply.Granted(seat.token, seat.lease)));
    }

    /** A renew, or a release if the lease is 0. */
    private void present(long conn, Key key, String token, long lease) {
        Optional<Seat> held = one(s -> s.token.equals(token) && s.key.equals(key));
        if (held.isEmpty()) {
            refuse(conn, Status.ERROR);
        } else if (lease > 0 && held.get().leaseEnd > now) {
            held.get().leaseEnd = now + lease * SECOND;
            answers.add(new Delivery(conn, new Reply.Renewed(lease)));
        } else {
            answers.add(new Delivery(conn, lease == 0 ? new Reply.Done() : new Reply.Refused(Status.ERROR)));
            end(s -> s == held.get());
        }
    }

    private void giveUp(Seat seat) {
        seats.remove(seat);
        answers.add(new Delivery(seat.conn, new Reply.TimedOut()));
    }

    private List<Delivery> end(Predicate<Seat> which) {
        seats.forEach(s -> lastUse.put(s.key, now));
        seats.removeIf(which);
        promote();
        return answers;
    }

    /** A free slot goes to the head of its key's queue. */
    private void promote() {
        for (Seat seat : seats) {
            int holders = all(s -> s.key.equals(seat.key) && !s.token.isEmpty()).size();
            if (seat.token.isEmpty() && holders < limits.getOrDefault(seat.key, 0L)) {
                seat.token = "m" + ++tokens;
                seat.leaseEnd = now + seat.lease * SECOND;
                if (seat.giveUp < Long.MAX_VALUE) {
                    grant(seat);
                }
            }
        }
    }

    private List<Seat> all(Predicate<Seat> which) {
        return seats.stream().filter(which).toList();
    }

    private Optional<Seat> one(Predicate<Seat> which) {
        return seats.stream().filter(which).findFirst();
    }

    private void refuse(long conn, Status status) {
        answers.add(new Delivery(conn, new Reply.Refused(status)));
    }
}

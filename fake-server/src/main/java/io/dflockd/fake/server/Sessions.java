package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.stream.LongStream;

/** The connections of one server, by number, and those that are over without their peers knowing. Used under the driver's lock. */
final class Sessions {

    private final Map<Long, Session> open = new LinkedHashMap<>();
    private final Set<Session> lingering = new LinkedHashSet<>();
    private final Queue<Session> ready = new ArrayDeque<>();
    private final Lock lock;
    private final Condition none;
    private boolean partitioned;

    /** No sessions; {@code lock} is the driver's. */
    Sessions(Lock lock) {
        this.lock = lock;
        none = lock.newCondition();
    }

    void add(Session session) {
        open.put(session.number(), session);
        if (partitioned) {
            session.partition(true);
        }
    }

    void remove(Session session) {
        open.remove(session.number());
        signalIfNone();
    }

    private void signalIfNone() {
        if (open.isEmpty()) {
            none.signalAll();
        }
    }

    /**
     * Waits until there is none, without keeping the lock meanwhile.
     *
     * @return whether there is none
     */
    boolean awaitNone(Duration timeout) throws InterruptedException {
        lock.lock();
        try {
            long left = Deadline.nanos(timeout);
            while (!open.isEmpty() && left > 0) {
                left = none.awaitNanos(left);
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    Optional<Session> find(long number) {
        return Optional.ofNullable(open.get(number));
    }

    /** Whether one more from this address is one too many. */
    boolean areTooMany(String peer, FakeOptions options) {
        int most = options.maxConnections();
        int mostOfPeer = options.maxConnectionsPerIp();
        return (most > 0 && open.size() >= most) || (mostOfPeer > 0 && count(peer) >= mostOfPeer);
    }

    private long count(String peer) {
        return open.values().stream().filter(session -> session.isFrom(peer)).count();
    }

    int size() {
        return open.size();
    }

    /** A copy: whoever goes through them may close them. */
    List<Session> all() {
        return List.copyOf(open.values());
    }

    /** It may be able to go on. */
    void ready(Session session) {
        ready.add(session);
    }

    /** Takes one that may be able to go on. */
    Optional<Session> nextReady() {
        return Optional.ofNullable(ready.poll());
    }

    /** Over for the server, while its peer is to hear of it later. */
    void linger(Session session) {
        lingering.add(session);
    }

    /** Its peer has heard. */
    void lingered(Session session) {
        lingering.remove(session);
    }

    /** Cuts the network to these, to all and future ones if none is named, or mends it. */
    void partition(boolean cut, long... numbers) {
        if (numbers.length == 0) {
            partitioned = cut;
        }
        List<Session> all = new ArrayList<>(open.values());
        all.addAll(lingering);
        for (Session session : all) {
            if (numbers.length == 0 || LongStream.of(numbers).anyMatch(number -> number == session.number())) {
                session.partition(cut);
            }
        }
    }

    /** The server has crashed: everybody is over, and hears of it as soon as the network lets them. */
    void crashAll() {
        List<Session> all = new ArrayList<>(open.values());
        all.addAll(lingering);
        open.clear();
        lingering.clear();
        ready.clear();
        all.forEach(Session::crash);
        signalIfNone();
    }

    /** Cuts off everybody, and forgets them. */
    void cutAll() {
        List<Session> all = new ArrayList<>(open.values());
        all.addAll(lingering);
        open.clear();
        lingering.clear();
        ready.clear();
        partitioned = false;
        for (Session session : all) {
            session.cut();
        }
        signalIfNone();
    }
}

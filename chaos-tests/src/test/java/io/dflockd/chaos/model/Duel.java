package io.dflockd.chaos.model;

import io.dflockd.chaos.check.Judge;
import io.dflockd.chaos.check.Result;
import io.dflockd.chaos.history.EngineRecorder;
import io.dflockd.chaos.history.HistoryHeader;
import io.dflockd.chaos.history.Recorder;
import io.dflockd.chaos.model.Step.Close;
import io.dflockd.chaos.model.Step.Pass;
import io.dflockd.chaos.model.Step.Send;
import io.dflockd.fake.engine.Delivery;
import io.dflockd.fake.engine.EngineOptions;
import io.dflockd.fake.engine.LockEngine;
import io.dflockd.fake.engine.TimerQueue;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import io.dflockd.fake.protocol.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The engine and the model in the same situation: each step goes to both, and they must answer the same. What the socket driver of a V1 server does is done
 * here: a blocked connection sends nothing, and that it is closed is seen when its command has been answered.
 */
final class Duel {

    static final String UNKNOWN_TOKEN = "0".repeat(32);
    private static final long MICRO = 1_000;

    private final EngineOptions options;
    private final EngineRules rules;
    private final Judge judge;
    private final LockEngine engine;
    private final ServerModel model;
    private final long[] conns;
    private final Set<Long> blocked = new HashSet<>();
    private final Set<Long> closing = new TreeSet<>();
    private final Map<String, String> engineToken = new HashMap<>();
    private final Map<Key, List<String>> modelTokens = new HashMap<>();
    private final Map<Long, Key> asked = new HashMap<>();
    private final Coverage coverage = new Coverage();
    private long lastConn;
    private long lastToken;
    private long now = MICRO - 1;

    Duel(EngineOptions options, int connections) {
        this.options = options;
        this.rules = new EngineRules(options);
        this.judge = new Judge(new HistoryHeader("fake", true, 0, Map.of()), Set.of("P1", "P2", "P4", "P5"));
        EngineRecorder recorder = new EngineRecorder(new Recorder(() -> now, judge::event));
        this.engine = new LockEngine(options, () -> "e" + ++lastToken, new TimerQueue(), event -> {
            rules.accept(event);
            recorder.accept(event);
        });
        this.model = new ServerModel(options);
        this.conns = new long[connections];
        for (int i = 0; i < connections; i++) {
            open(i);
        }
    }

    /**
     * Options with intervals some nanoseconds off whole seconds; requests come 999 ns after a whole microsecond. So nothing that matters ever happens at the same
     * instant as something else, and the order at one instant, which PROTOCOL.md leaves open, is never judged.
     */
    static EngineOptions options(
            long sweepSeconds, int maxLocks, int maxWaiters, boolean autoRelease, boolean forgetful) {
        long second = TimeUnit.SECONDS.toNanos(1);
        return new EngineOptions(
                0,
                3,
                sweepSeconds * second + 1,
                (forgetful ? 1 : 5) * second + 7,
                (forgetful ? 1 : 60) * second,
                maxLocks,
                maxWaiters,
                autoRelease);
    }

    Coverage coverage() {
        return coverage;
    }

    void apply(Step step) {
        if (step instanceof Send send) {
            send(send);
        } else if (step instanceof Pass pass) {
            pass(TimeUnit.MILLISECONDS.toNanos(pass.millis()), pass.leap());
        } else if (step instanceof Close close) {
            closing.add(conns[close.who() % conns.length]);
            open(close.who() % conns.length);
        }
        settle();
    }

    /** What the checks of histories, which know less than the rules here, make of the engine's events. */
    List<Result> judged() {
        return judge.verdict(false).violations();
    }

    /** Everybody closes, and all that is left runs out (P9); then the checks of histories have their say. */
    void finish() {
        for (int i = 0; i < conns.length; i++) {
            closing.add(conns[i]);
        }
        settle();
        long longest = options.autoRelease() ? 30 : 600;
        pass(TimeUnit.SECONDS.toNanos(longest), true);
        settle();
        rules.checkEmpty();
        for (Result result : judged()) {
            throw Violation.of(result.property(), result.detail());
        }
    }

    private void send(Send send) {
        pass(MICRO, true);
        settle();
        for (int i = 0; i < conns.length; i++) {
            long conn = conns[(send.who() + i) % conns.length];
            if (!blocked.contains(conn)) {
                send(conn, send);
                return;
            }
        }
    }

    private void send(long conn, Send send) {
        String token = token(Key.of("k" + send.tokenKey()), send.back());
        Command command = command(send, engineToken.getOrDefault(token, UNKNOWN_TOKEN));
        asked.put(conn, Key.of("k" + send.key()));
        blocked.add(conn);
        rules.begin(conn, command, now);
        same(engine.handle(conn, command, now), model.handle(conn, command(send, token)));
    }

    private static Command command(Send send, String token) {
        Command.Family family = send.semaphore() ? Command.Family.SEMAPHORE : Command.Family.LOCK;
        Key key = Key.of("k" + send.key());
        long limit = send.semaphore() ? send.limit() : 1;
        OptionalLong lease = send.lease() == 0 ? OptionalLong.empty() : OptionalLong.of(send.lease());
        return switch (send.verb()) {
            case ACQUIRE -> new Command.Acquire(family, key, send.timeout(), limit, lease);
            case ENQUEUE -> new Command.Enqueue(family, key, limit, lease);
            case AWAIT -> new Command.Await(family, key, send.timeout());
            case RELEASE -> new Command.Release(family, key, token);
            case RENEW -> new Command.Renew(family, key, token, lease);
        };
    }

    private String token(Key key, int back) {
        List<String> known = modelTokens.getOrDefault(key, List.of());
        return back < 0 || back >= known.size() ? UNKNOWN_TOKEN : known.get(known.size() - 1 - back);
    }

    private void pass(long nanos, boolean leap) {
        long end = now + nanos;
        OptionalLong next = engine.nextDeadline();
        while (!leap && next.isPresent() && next.getAsLong() <= end) {
            advanceTo(next.getAsLong());
            settle();
            OptionalLong later = engine.nextDeadline();
            if (later.equals(next)) {
                throw Violation.of("P9", "the engine's next deadline is still " + next + " when that has come");
            }
            next = later;
        }
        if (!leap && !advanceTo(end).isEmpty()) {
            throw Violation.of("P9", "something was due before the engine's next deadline " + next);
        }
        advanceTo(end);
    }

    private List<Delivery> advanceTo(long instant) {
        now = Math.max(now, instant);
        List<Delivery> deliveries = engine.advanceTo(now);
        same(deliveries, model.advanceTo(now));
        return deliveries;
    }

    private void settle() {
        while (closing.stream().anyMatch(conn -> !blocked.contains(conn))) {
            long conn = closing.stream()
                    .filter(c -> !blocked.contains(c))
                    .findFirst()
                    .orElseThrow();
            closing.remove(conn);
            rules.leave(conn);
            same(engine.disconnect(conn, now), model.disconnect(conn));
        }
    }

    private void open(int who) {
        conns[who] = ++lastConn;
        same(engine.connect(lastConn, now), List.of());
    }

    /** First what the events show: that says best which property is broken. */
    private void same(List<Delivery> deliveries, List<Delivery> answers) {
        rules.check(now);
        List<Delivery> got = new ArrayList<>(deliveries);
        List<Delivery> expected = new ArrayList<>(answers);
        got.sort(Comparator.comparingLong(Delivery::conn));
        expected.sort(Comparator.comparingLong(Delivery::conn));
        boolean same = got.size() == expected.size();
        for (int i = 0; same && i < got.size(); i++) {
            long conn = got.get(i).conn();
            same = conn == expected.get(i).conn()
                    && same(conn, got.get(i).reply(), expected.get(i).reply());
            blocked.remove(conn);
            coverage.saw(got.get(i).reply());
        }
        if (!same) {
            throw Violation.of("P15", "at " + now + " the engine says " + got + ", the model " + expected);
        }
    }

    private boolean same(long conn, Reply engineReply, Reply modelReply) {
        if (engineReply instanceof Reply.Granted e && modelReply instanceof Reply.Granted m) {
            return e.leaseSeconds() == m.leaseSeconds() && sameToken(conn, e.token(), m.token());
        }
        if (engineReply instanceof Reply.Acquired e && modelReply instanceof Reply.Acquired m) {
            return e.leaseSeconds() == m.leaseSeconds() && sameToken(conn, e.token(), m.token());
        }
        return engineReply.equals(modelReply);
    }

    private boolean sameToken(long conn, String engines, String models) {
        String known = engineToken.putIfAbsent(models, engines);
        if (known == null) {
            modelTokens.computeIfAbsent(asked.get(conn), k -> new ArrayList<>()).add(models);
            return engineToken.values().stream().filter(engines::equals).count() == 1;
        }
        return known.equals(engines);
    }
}

package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.FaultHandle;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.ReplyEffect;
import io.dflockd.fake.fault.Restart;
import io.dflockd.fake.fault.StateEffect;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Key;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Everything that may be done to a server, at random, and what is seen of it: at the wires, in the journal and in what the server says of itself. */
final class ResetScript {

    private static final List<Phase> PHASES = List.of(
            Phase.ON_CONNECT,
            Phase.afterRequestLine(2),
            Phase.BEFORE_APPLY,
            Phase.WHILE_QUEUED,
            Phase.AFTER_APPLY_BEFORE_REPLY,
            Phase.duringReply(4),
            Phase.AFTER_REPLY,
            Phase.IDLE);

    private static final List<Effect> EFFECTS = List.of(
            Effect.uniformLatency(Duration.ZERO, Duration.ofSeconds(3)),
            Effect.lateReply(Duration.ofSeconds(1)),
            Effect.close(),
            Effect.reset(),
            Effect.shutdownOutput(),
            Effect.stall(),
            Effect.slowClose(Duration.ofSeconds(2)),
            ReplyEffect.garbage(),
            ReplyEffect.coalesce(2),
            ReplyEffect.dribble(3, Duration.ofSeconds(3)),
            StateEffect.expireLease(),
            StateEffect.steal(),
            StateEffect.noAutoRelease(),
            StateEffect.clockJump(Duration.ofSeconds(2)),
            StateEffect.freeze(Duration.ofSeconds(2)),
            StateEffect.restart(Restart.LOSE_STATE),
            StateEffect.restart(Restart.KEEP_STATE),
            StateEffect.UNSAFE_doubleGrant());

    private final EngineDriver driver;
    private final Random random;
    private final List<TestWire> wires = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<FaultHandle> faults = new ArrayList<>();
    private final SeenTokens tokens = new SeenTokens();
    private final List<String> seen = new ArrayList<>();

    ResetScript(EngineDriver driver, long seed) {
        this.driver = driver;
        this.random = new Random(seed);
    }

    /** Does so many things; {@code between} comes before each. */
    ResetScript run(int steps, Runnable between) {
        for (int i = 0; i < steps; i++) {
            between.run();
            seen.add("step " + step() + ", next at " + driver.nextDeadline() + " of " + driver.nanos());
        }
        between.run();
        return this;
    }

    /** All that can be seen, with tokens by their order. */
    List<String> seen() {
        List<String> all = new ArrayList<>(seen);
        for (TestWire wire : wires) {
            all.add("wire "
                    + wire.lines().stream().map(ResetScript::withoutHalfToken).toList() + wire.closed + wire.reset
                    + wire.paused + wire.congested);
        }
        driver.records().journal().requests().forEach(request -> all.add(request + " at " + request.at()));
        all.add("dropped " + driver.records().journal().dropped());
        all.add(driver.records().state().toString());
        driver.faults().log().forEach(event -> all.add(event.toString()));
        all.add(driver.faults().unused().toString());
        all.add("connections " + driver.sessions().size());
        return all.stream().map(tokens::named).toList();
    }

    /** A token whose end has not come is of no use. */
    private static String withoutHalfToken(String line) {
        return line.matches("(ok|acquired) [0-9a-f]{1,32}") ? line.length() + " bytes" : line;
    }

    private String step() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> request();
            case 6 -> connect();
            case 7, 8 -> arm();
            case 9, 10 -> advance();
            case 11 -> ofSession();
            case 12 -> ofKey();
            case 13 -> ofNetwork();
            case 14 -> ofServer();
            default -> ofFault();
        };
    }

    private String connect() {
        TestWire wire = new TestWire();
        wires.add(wire);
        sessions.add(driver.accept(wire));
        return "connect";
    }

    private String key() {
        return List.of("a", "b", "c").get(random.nextInt(3));
    }

    private String request() {
        if (sessions.isEmpty() || random.nextInt(8) == 0) {
            connect();
        }
        tokens.learn(wires);
        String token = tokens.any(random);
        String text =
                switch (random.nextInt(9)) {
                    case 0, 1 -> "l\n" + key() + '\n' + random.nextInt(3) + " 5\n";
                    case 2 -> "e\n" + key() + "\n\n";
                    case 3 -> "w\n" + key() + '\n' + random.nextInt(3) + '\n';
                    case 4 -> "n\n" + key() + '\n' + token + " 9\n";
                    case 5 -> "sl\np\n1 2\n";
                    case 6 -> "stats\n_\n_\n";
                    case 7 -> "auth\n_\nsecret\n";
                    default -> "r\n" + key() + '\n' + token + '\n';
                };
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        any(sessions).received(bytes, 0, bytes.length);
        return tokens.named(text);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private String arm() {
        Phase phase = any(PHASES);
        Effect effect = any(EFFECTS);
        Trigger trigger = phase.point().isOfConnection() || random.nextBoolean()
                ? Trigger.anyCommand()
                : Trigger.acquire().key(key());
        double probability = random.nextBoolean() ? 1 : 0.5;
        int times = random.nextInt(1, 4);
        try {
            FaultHandle fault = driver.faults()
                    .on(trigger.probability(probability))
                    .at(phase)
                    .then(effect)
                    .times(times);
            faults.add(fault);
            return fault.toString();
        } catch (IllegalArgumentException senseless) {
            return "no fault";
        }
    }

    private String ofFault() {
        if (faults.isEmpty()) {
            return "no fault";
        }
        FaultHandle fault = any(faults);
        switch (random.nextInt(4)) {
            case 0 -> fault.remove();
            case 1 -> fault.times(2);
            case 2 -> fault.always();
            default -> fault.release();
        }
        return "of " + fault;
    }

    private String advance() {
        Duration time = Duration.ofMillis(random.nextInt(4_000));
        driver.advance(time);
        return "advance " + time;
    }

    private String ofSession() {
        if (sessions.isEmpty()) {
            return "no session";
        }
        int which = random.nextInt(sessions.size());
        int what = random.nextInt(4);
        switch (what) {
            case 0 -> sessions.get(which).endOfStream();
            case 1 -> sessions.get(which).reset();
            case 2 -> {
                wires.get(which).clogged = !wires.get(which).clogged;
                sessions.get(which).writable();
            }
            default -> driver.tampering().kick(which + 1L);
        }
        return "session " + which + " " + what;
    }

    private String ofKey() {
        Key key = Key.of(key());
        int what = random.nextInt(3);
        switch (what) {
            case 0 -> driver.tampering().expire(key);
            case 1 -> driver.tampering().shorten(key, Duration.ofSeconds(1));
            default -> tokens.learn(driver.tampering().steal(key));
        }
        return "key " + key + " " + what;
    }

    private String ofNetwork() {
        boolean cut = random.nextBoolean();
        boolean all = random.nextBoolean();
        if (all) {
            driver.tampering().partition(cut);
        } else {
            driver.tampering().partition(cut, random.nextInt(1, 5));
        }
        return "network " + cut + " " + all;
    }

    private String ofServer() {
        int what = random.nextInt(10);
        switch (what) {
            case 0 -> driver.tampering().freeze(Duration.ofSeconds(2));
            case 1 -> driver.tampering().thaw();
            case 2 -> driver.tampering().jump(Duration.ofSeconds(2));
            case 3 -> driver.tampering().restart(Restart.KEEP_STATE);
            case 4 -> driver.tampering().restart(Restart.LOSE_STATE);
            case 5 -> driver.tampering().pauseSweeps(random.nextBoolean());
            case 6 -> driver.configure(options -> options.withMaxLocks(1));
            case 7 -> driver.configure(options -> options.withMaxWaiters(1).withMaxConnections(2));
            case 8 -> driver.configure(ResetScript::withOtherOptions);
            default -> {
                if (random.nextInt(4) == 0) {
                    driver.tampering().drain();
                }
            }
        }
        return "server " + what;
    }

    private static FakeOptions withOtherOptions(FakeOptions options) {
        FakeOptions other = options.withAutoReleaseOnDisconnect(false);
        return options.profile().hasAuth() ? other.withAuthToken("secret") : other;
    }

    /** What somebody does who has not heard that the test is over. */
    void late() {
        if (!sessions.isEmpty()) {
            Session session = any(sessions);
            byte[] bytes = "l\na\n0\n".getBytes(StandardCharsets.UTF_8);
            session.received(bytes, 0, bytes.length);
            wires.forEach(wire -> wire.clogged = false);
            switch (random.nextInt(4)) {
                case 0 -> session.endOfStream();
                case 1 -> session.reset();
                default -> session.writable();
            }
        }
        ofFault();
    }
}

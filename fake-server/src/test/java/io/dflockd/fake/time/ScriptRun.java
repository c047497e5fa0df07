package io.dflockd.fake.time;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EngineEvent;
import io.dflockd.fake.fault.Effect;
import io.dflockd.fake.fault.Phase;
import io.dflockd.fake.fault.Trigger;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.Session;
import io.dflockd.fake.server.TimeSource;
import io.dflockd.fake.server.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A server in which a script is played, on some clock, and what came of it. */
final class ScriptRun {

    static final Duration SWEEPS = Duration.ofMillis(1_700);
    static final Duration SILENCE = Duration.ofSeconds(3);

    private static final Duration LATENCY = Duration.ofMillis(150);
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{32}");

    /** All that shows when something happened, which is never the same twice on the system clock. */
    private static final Pattern TIMES = Pattern.compile("(at|deadline)=[0-9]+");

    private final List<EngineEvent> events = new ArrayList<>();
    private final List<Line> replies = new ArrayList<>();
    private final List<Long> delayedUntil = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Step> left;
    private final EngineDriver driver;

    /** What a connection was sent, and when. */
    record Line(long at, int conn, String text) {}

    ScriptRun(List<Step> script, Profile profile, TimeSource clock) {
        left = new ArrayList<>(script);
        driver = new EngineDriver(
                FakeOptions.defaults()
                        .withProfile(profile)
                        .withSeed(1)
                        .withSweepInterval(SWEEPS)
                        .withReadTimeout(SILENCE)
                        .withEvents(events::add)
                        .withFaultEvents(fault -> delayedUntil.add(fault.at() + LATENCY.toNanos())),
                clock);
        driver.faults()
                .on(Trigger.acquire("b"))
                .at(Phase.AFTER_APPLY_BEFORE_REPLY)
                .then(Effect.latency(LATENCY))
                .always();
        for (int conn = 0; conn < Step.CONNECTIONS; conn++) {
            sessions.add(driver.accept(wire(conn)));
        }
    }

    private Wire wire(int conn) {
        return new Wire() {
            @Override
            public void write(byte[] bytes) {
                replies.add(new Line(driver.nanos(), conn, new String(bytes, StandardCharsets.UTF_8)));
            }

            @Override
            public void close() {
                replies.add(new Line(driver.nanos(), conn, "closed"));
            }

            @Override
            public void reset() {
                replies.add(new Line(driver.nanos(), conn, "reset"));
            }
        };
    }

    EngineDriver driver() {
        return driver;
    }

    /** When the next step is to be taken; empty after the last. */
    OptionalLong nextStep() {
        return left.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(left.get(0).millis() * 1_000_000);
    }

    void takeStep() {
        Step step = left.remove(0);
        Session session = sessions.get(step.conn());
        if (step.request().isEmpty()) {
            session.endOfStream();
        } else {
            byte[] bytes = step.request().replace("TOKEN", token(step.conn())).getBytes(StandardCharsets.UTF_8);
            session.received(bytes, 0, bytes.length);
        }
    }

    private String token(int conn) {
        return replies.stream()
                .filter(line -> line.conn() == conn)
                .flatMap(line -> TOKEN.matcher(line.text()).results())
                .map(MatchResult::group)
                .reduce("none", (before, after) -> after);
    }

    List<EngineEvent> events() {
        return events;
    }

    /** When delayed replies were due. */
    List<Long> delayedUntil() {
        return delayedUntil;
    }

    List<Line> replies() {
        return replies;
    }

    /** All events in their order, and each connection's replies in theirs; without times, and with tokens by their order. */
    List<String> history() {
        List<String> history = new ArrayList<>();
        events.forEach(event -> history.add(TIMES.matcher(event.toString()).replaceAll("")));
        for (int conn = 0; conn < Step.CONNECTIONS; conn++) {
            int of = conn;
            replies.stream().filter(line -> line.conn() == of).forEach(line -> history.add(of + ": " + line.text()));
        }
        List<String> tokens = new ArrayList<>();
        return history.stream()
                .map(line -> TOKEN.matcher(line).replaceAll(token -> numbered(tokens, token.group())))
                .toList();
    }

    private static String numbered(List<String> tokens, String token) {
        if (!tokens.contains(token)) {
            tokens.add(token);
        }
        return "token" + tokens.indexOf(token);
    }
}

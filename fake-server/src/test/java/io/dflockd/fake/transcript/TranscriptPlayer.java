package io.dflockd.fake.transcript;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.ServerFlags;
import io.dflockd.fake.server.EngineDriver;
import io.dflockd.fake.server.ManualTime;
import io.dflockd.fake.transcript.Scenario.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays one scenario on the seam under the sockets, in no time.
 *
 * <p>Every line first takes 1 ms. {@code A-} and {@code sleep} advance exactly; {@code A<} and {@code A$} go from deadline to deadline up to their limit, with
 * no slack.
 */
final class TranscriptPlayer {

    private static final Pattern EXCHANGE = Pattern.compile("([A-Z]\\w*)(<~|</|<|>>|>|-|\\$)(?: (.*))?");
    private static final Duration REPLY = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final ManualTime clock = new ManualTime();
    private final EngineDriver server;

    /** Whom the clients talk to: the server, or the proxy in front of it. */
    private final EngineDriver front;

    private final Map<String, PlayedConnection> connections = new LinkedHashMap<>();
    private final TranscriptText text = new TranscriptText();

    private TranscriptPlayer(Scenario scenario, boolean proxied) {
        FakeOptions options = ServerFlags.parse(
                scenario.flags(), Map.of("DFLOCKD_PROFILE", scenario.profile().toString()));
        server = new EngineDriver(options.withManualClock().withSeed(1), clock);
        front = proxied ? MemoryLink.proxy(server, clock) : server;
    }

    /** On the server itself. */
    static void play(Scenario scenario) {
        new TranscriptPlayer(scenario, false).playAll(scenario);
    }

    /** Through a proxy without faults. */
    static void playThroughProxy(Scenario scenario) {
        new TranscriptPlayer(scenario, true).playAll(scenario);
    }

    private void advance(Duration duration) {
        server.advance(duration);
        front.runDue();
    }

    private void playAll(Scenario scenario) {
        for (Step step : scenario.steps()) {
            try {
                advance(Duration.ofMillis(1));
                play(step.text());
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        scenario.file() + ':' + step.number() + " " + step.text() + ": " + e.getMessage(), e);
            }
        }
        connections.forEach(
                (name, connection) -> check(connection.unread().isEmpty(), "nothing more on " + name, connection));
    }

    private void play(String line) {
        Matcher exchange = EXCHANGE.matcher(line);
        if (exchange.matches()) {
            String rest = exchange.group(3) == null ? "" : exchange.group(3);
            exchange(connection(exchange.group(1)), exchange.group(2), rest);
            return;
        }
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "open" -> connections.put(words[1], new PlayedConnection(front));
            case "close" -> remove(words[1]).session().endOfStream();
            case "reset" -> remove(words[1]).session().reset();
            case "halfclose" -> connection(words[1]).session().endOfStream();
            case "sleep" -> advance(millis(words[1]));
            default -> throw new AssertionError("no known line");
        }
    }

    private PlayedConnection connection(String name) {
        PlayedConnection connection = connections.get(name);
        if (connection == null) {
            throw new AssertionError("no connection has the name " + name);
        }
        return connection;
    }

    private PlayedConnection remove(String name) {
        PlayedConnection connection = connection(name);
        connections.remove(name);
        return connection;
    }

    private void exchange(PlayedConnection connection, String kind, String rest) {
        switch (kind) {
            case ">" -> send(connection, text.encode(rest, true));
            case ">>" -> send(connection, text.encode(rest, false));
            case "<" -> expect(connection, rest, REPLY);
            case "</" -> {
                String[] parts = rest.split(" ", 2);
                expect(connection, parts[1], millis(parts[0]));
            }
            case "<~" -> {
                String reply = line(connection, REPLY);
                check(Pattern.matches(rest, reply), "a match", reply);
            }
            case "-" -> {
                advance(millis(rest));
                check(connection.isQuiet(), "nothing", connection);
            }
            default -> {
                step(() -> !connection.isQuiet(), rest.isEmpty() ? CLOSE : millis(rest));
                check(connection.isEnded() && connection.unread().isEmpty(), "close", connection);
            }
        }
    }

    private static void send(PlayedConnection connection, byte[] bytes) {
        connection.session().received(bytes, 0, bytes.length);
    }

    private void expect(PlayedConnection connection, String expected, Duration limit) {
        String reply = line(connection, limit);
        check(text.matches(expected, reply), expected, reply);
    }

    private String line(PlayedConnection connection, Duration limit) {
        step(() -> connection.unread().indexOf('\n') >= 0 || connection.isEnded(), limit);
        return connection
                .line()
                .orElseThrow(() -> new AssertionError("no line in " + limit + " but " + state(connection)));
    }

    /** Goes from deadline to deadline until it is done, at most for the limit. */
    private void step(BooleanSupplier done, Duration limit) {
        long end = clock.nanos() + limit.toNanos();
        while (!done.getAsBoolean()) {
            OptionalLong next = server.nextDeadline();
            boolean more = next.isPresent() && next.getAsLong() <= end;
            advance(Duration.ofNanos((more ? next.getAsLong() : end) - clock.nanos()));
            if (!more) {
                return;
            }
        }
    }

    private static Duration millis(String number) {
        return Duration.ofMillis(Long.parseLong(number));
    }

    private static String state(PlayedConnection connection) {
        return "'" + connection.unread() + "'" + (connection.isEnded() ? " and the end" : "");
    }

    private static void check(boolean good, String expected, PlayedConnection connection) {
        check(good, expected, state(connection));
    }

    private static void check(boolean good, String expected, String got) {
        if (!good) {
            throw new AssertionError("expected " + expected + ", got " + got);
        }
    }
}

package io.dflockd.fake.fault;

import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Key;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Which requests a fault is for. Immutable: each method that narrows it gives a narrower copy. The semaphore forms of a command count as the command.
 *
 * @param command the kind of request
 * @param key the key, if only one
 * @param keyPattern what the whole key must match, if it matters
 * @param connection the connection's number, in the order in which the server accepted them, from 1, if it matters
 * @param exchange the number of the request on its connection, from 1, if it matters; at {@link Phase#IDLE} that of the last one
 * @param first the fault begins with the n-th match, from 1
 * @param probability how likely a match counts, over 0 and up to 1, by the server's seed
 */
public record Trigger(
        Class<? extends Command> command,
        Optional<Key> key,
        Optional<Pattern> keyPattern,
        OptionalLong connection,
        OptionalLong exchange,
        int first,
        double probability) {

    public Trigger {
        if (connection.isPresent() && connection.getAsLong() < 1) {
            throw new IllegalArgumentException("connections are counted from 1, not " + connection.getAsLong());
        }
        if (exchange.isPresent() && exchange.getAsLong() < 0) {
            throw new IllegalArgumentException("requests are counted from 1, not " + exchange.getAsLong());
        }
        if (first < 1) {
            throw new IllegalArgumentException("matches are counted from 1, not " + first);
        }
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability must be over 0 and at most 1, not " + probability);
        }
    }

    /** {@code l}, {@code sl}. */
    public static Trigger acquire() {
        return any(Command.Acquire.class);
    }

    /** {@code l}, {@code sl} of this key. */
    public static Trigger acquire(String key) {
        return acquire().key(key);
    }

    /** {@code e}, {@code se}. */
    public static Trigger enqueue() {
        return any(Command.Enqueue.class);
    }

    /** {@code e}, {@code se} of this key. */
    public static Trigger enqueue(String key) {
        return enqueue().key(key);
    }

    /** {@code w}, {@code sw}. */
    public static Trigger await() {
        return any(Command.Await.class);
    }

    /** {@code w}, {@code sw} of this key. */
    public static Trigger await(String key) {
        return await().key(key);
    }

    /** {@code r}, {@code sr}. */
    public static Trigger release() {
        return any(Command.Release.class);
    }

    /** {@code r}, {@code sr} of this key. */
    public static Trigger release(String key) {
        return release().key(key);
    }

    /** {@code n}, {@code sn}. */
    public static Trigger renew() {
        return any(Command.Renew.class);
    }

    /** {@code n}, {@code sn} of this key. */
    public static Trigger renew(String key) {
        return renew().key(key);
    }

    /** {@code stats}. */
    public static Trigger stats() {
        return any(Command.Stats.class);
    }

    /** {@code auth}. */
    public static Trigger auth() {
        return any(Command.Auth.class);
    }

    /** Every request, well-formed or not. */
    public static Trigger anyCommand() {
        return any(Command.class);
    }

    private static Trigger any(Class<? extends Command> command) {
        return new Trigger(
                command, Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), 1, 1);
    }

    /** Only for this key. */
    public Trigger key(String text) {
        return new Trigger(command, Optional.of(Key.of(text)), keyPattern, connection, exchange, first, probability);
    }

    /** Only for keys that match as a whole. */
    public Trigger keyMatching(String regex) {
        return new Trigger(command, key, Optional.of(Pattern.compile(regex)), connection, exchange, first, probability);
    }

    /** Only for this connection: 1 is the first that the server accepted since its start or reset. */
    public Trigger connection(long number) {
        return new Trigger(command, key, keyPattern, OptionalLong.of(number), exchange, first, probability);
    }

    /** Only for the n-th request of a connection, from 1. */
    public Trigger exchange(long n) {
        return new Trigger(command, key, keyPattern, connection, OptionalLong.of(n), first, probability);
    }

    /** Begins with the n-th match, from 1. A request that a fault armed earlier takes is no match. */
    public Trigger nth(int n) {
        return new Trigger(command, key, keyPattern, connection, exchange, n, probability);
    }

    /** Each match counts with this probability only, over 0 and up to 1. */
    public Trigger probability(double p) {
        return new Trigger(command, key, keyPattern, connection, exchange, first, p);
    }

    /** Whether it names a command or a key, which only requests have. */
    boolean isAboutRequests() {
        return command != Command.class || isAboutKeys();
    }

    /** Whether it names keys. */
    boolean isAboutKeys() {
        return key.isPresent() || keyPattern.isPresent();
    }

    /** Whether it is such a moment of a connection; which match it is, and chance, are not looked at. */
    boolean matches(long conn, long exchangeNumber) {
        return (connection.isEmpty() || connection.getAsLong() == conn)
                && (exchange.isEmpty() || exchange.getAsLong() == exchangeNumber);
    }

    /** Whether it is such a request. */
    boolean matches(Class<? extends Command> kind, Optional<Key> named) {
        return command.isAssignableFrom(kind)
                && (!isAboutKeys() || named.filter(this::matches).isPresent());
    }

    private boolean matches(Key candidate) {
        return key.map(candidate::equals).orElse(true)
                && keyPattern
                        .map(pattern -> pattern.matcher(candidate.toString()).matches())
                        .orElse(true);
    }

    /** As a user would say it: {@code acquire orders}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                command == Command.class
                        ? "any command"
                        : command.getSimpleName().toLowerCase(Locale.ROOT));
        key.ifPresent(name -> text.append(' ').append(name));
        keyPattern.ifPresent(pattern -> text.append(" keys matching ").append(pattern));
        connection.ifPresent(number -> text.append(" on connection ").append(number));
        exchange.ifPresent(number -> text.append(" as request ").append(number));
        text.append(first > 1 ? " from match " + first : "")
                .append(probability < 1 ? " with probability " + probability : "");
        return text.toString();
    }
}

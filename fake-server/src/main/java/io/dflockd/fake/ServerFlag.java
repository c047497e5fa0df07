package io.dflockd.fake;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** One setting of the real server: its flag, its environment variable, its default, and what it does to the options (PROTOCOL.md section 6). */
enum ServerFlag {
    HOST("host", "127.0.0.1", "address to listen on", (options, value) -> options.withHost(value)),
    PORT("port", "6388", "port to listen on, 0 for any free one", (options, value) -> options.withPort(count(value))),
    DEFAULT_LEASE_TTL(
            "default-lease-ttl",
            "33",
            "lease where a request names none, seconds",
            (options, value) -> options.withDefaultLease(seconds(value))),
    LEASE_SWEEP_INTERVAL(
            "lease-sweep-interval",
            "1",
            "how often expired leases are looked for, seconds",
            (options, value) -> options.withSweepInterval(seconds(value))),
    GC_INTERVAL(
            "gc-interval",
            "5",
            "how often idle keys are looked for, seconds",
            (options, value) -> options.withGcInterval(seconds(value))),
    GC_MAX_IDLE(
            "gc-max-idle",
            "60",
            "how long an idle key is remembered, seconds",
            (options, value) -> options.withGcMaxIdle(seconds(value))),
    MAX_LOCKS(
            "max-locks",
            "1024",
            "how many keys may be known, idle ones too",
            (options, value) -> options.withMaxLocks(count(value))),
    MAX_WAITERS(
            "max-waiters",
            "0",
            "how many may wait for one key, 0 for any number",
            (options, value) -> options.withMaxWaiters(count(value))),
    MAX_CONNECTIONS(
            "max-connections",
            "0",
            "how many connections may be open, 0 for any number",
            (options, value) -> options.withMaxConnections(count(value))),
    READ_TIMEOUT(
            "read-timeout",
            "23",
            "how long a client may be silent, seconds",
            (options, value) -> options.withReadTimeout(seconds(value))),
    WRITE_TIMEOUT(
            "write-timeout",
            "5",
            "how long a client may refuse to read, seconds",
            (options, value) -> options.withWriteTimeout(seconds(value))),
    SHUTDOWN_TIMEOUT(
            "shutdown-timeout",
            "30",
            "checked and kept, but the fake stops at once, seconds",
            (options, value) -> options.withShutdownTimeout(seconds(value))),
    AUTO_RELEASE_ON_DISCONNECT(
            "auto-release-on-disconnect",
            "true",
            "whether a closed connection frees what it holds",
            (options, value) -> options.withAutoReleaseOnDisconnect(truth(value)));

    private static final String VARIABLE_PREFIX = "DFLOCKD_";

    private final String word;
    private final String standard;
    private final String meaning;
    private final BiFunction<FakeOptions, String, FakeOptions> effect;

    ServerFlag(String word, String standard, String meaning, BiFunction<FakeOptions, String, FakeOptions> effect) {
        this.word = word;
        this.standard = standard;
        this.meaning = meaning;
        this.effect = effect;
    }

    /** The options with this value in them; {@link IllegalArgumentException} if it makes no sense. */
    FakeOptions apply(FakeOptions options, String value) {
        return effect.apply(options, value);
    }

    static Optional<ServerFlag> of(String word) {
        return Arrays.stream(values()).filter(flag -> flag.word.equals(word)).findFirst();
    }

    String word() {
        return word;
    }

    String standard() {
        return standard;
    }

    /** May stand alone, and then means true. */
    boolean isBoolean() {
        return this == AUTO_RELEASE_ON_DISCONNECT;
    }

    /** As the real server names it: a variable that counts seconds says so. */
    String variable() {
        return meaning.endsWith("seconds") ? variable(word) + "_S" : variable(word);
    }

    /** The variable beside a flag that does not count seconds. */
    static String variable(String word) {
        return VARIABLE_PREFIX + word.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    String usage() {
        return String.format("  --%s %s%n        %s (%s)", word, standard, meaning, variable());
    }

    private static Duration seconds(String value) {
        return Duration.ofSeconds(whole(value));
    }

    private static int count(String value) {
        long number = whole(value);
        if (number < Integer.MIN_VALUE || number > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(number + " is too big");
        }
        return (int) number;
    }

    private static long whole(String value) {
        try {
            return Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + value + "' is not a whole number", e);
        }
    }

    private static boolean truth(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "1", "yes" -> true;
            case "false", "f", "0", "no" -> false;
            default -> throw new IllegalArgumentException("'" + value + "' is neither true nor false");
        };
    }
}

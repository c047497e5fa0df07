package io.dflockd.fake;

import io.dflockd.fake.protocol.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One setting of the real server: its flag, its environment variable, its default, and what it does to the options (PROTOCOL.md section 6). */
enum ServerFlag {
    PROFILE("profile", "v1", "which line of servers to be like: v0, v1 or v2; no flag of theirs"),
    HOST("host", "127.0.0.1", "address to listen on"),
    PORT("port", "6388", "port to listen on, 0 for any free one"),
    DEFAULT_LEASE_TTL("default-lease-ttl", "33", "lease where a request names none, seconds"),
    LEASE_SWEEP_INTERVAL("lease-sweep-interval", "1", "how often expired leases are looked for, seconds"),
    GC_INTERVAL("gc-interval", "5", "how often idle keys are looked for, seconds"),
    GC_MAX_IDLE("gc-max-idle", "60", "how long an idle key is remembered, seconds"),
    MAX_LOCKS("max-locks", "1024", "how many keys may be known, idle ones too"),
    MAX_WAITERS("max-waiters", "0", "how many may wait for one key, 0 for any number"),
    MAX_CONNECTIONS("max-connections", "0", "how many connections may be open, 0 for any number"),
    READ_TIMEOUT("read-timeout", "23", "how long a client may be silent, seconds"),
    WRITE_TIMEOUT("write-timeout", "5", "how long a client may refuse to read, seconds"),
    SHUTDOWN_TIMEOUT("shutdown-timeout", "30", "how long clients may finish after SIGTERM, seconds"),
    AUTO_RELEASE_ON_DISCONNECT("auto-release-on-disconnect", "true", "whether a closed connection frees what it holds"),
    NO_AUTO_RELEASE_ON_DISCONNECT("no-auto-release-on-disconnect", "", "the same the other way round, as v0 spells it"),
    MAX_CONNECTIONS_PER_IP("max-connections-per-ip", "0", "how many connections of one address may be open, v2 only"),
    FENCE_STATE_FILE("fence-state-file", "", "a file that keeps fences from going back at a new start, v2 only"),
    TLS_CERT("tls-cert", "", "a PEM file with the certificate chain: the port speaks TLS"),
    TLS_KEY("tls-key", "", "a PEM file with the private key for it"),
    DEBUG("debug", "false", "whether connections and requests are logged, without the secret"),
    AUTH_TOKEN("auth-token", "", "the secret that clients must send first"),
    AUTH_TOKEN_FILE("auth-token-file", "", "a file with that secret");

    private static final String VARIABLE_PREFIX = "DFLOCKD_";

    private final String word;
    private final String standard;
    private final String meaning;

    ServerFlag(String word, String standard, String meaning) {
        this.word = word;
        this.standard = standard;
        this.meaning = meaning;
    }

    /** The options with this value in them; {@link IllegalArgumentException} if it makes no sense. */
    FakeOptions apply(FakeOptions options, String value) {
        return switch (this) {
            case PROFILE -> options.withProfile(Profile.of(value));
            case HOST -> options.withHost(value);
            case PORT -> options.withPort(count(value));
            case DEFAULT_LEASE_TTL -> options.withDefaultLease(seconds(value));
            case LEASE_SWEEP_INTERVAL -> options.withSweepInterval(seconds(value));
            case GC_INTERVAL -> options.withGcInterval(seconds(value));
            case GC_MAX_IDLE -> options.withGcMaxIdle(seconds(value));
            case MAX_LOCKS -> options.withMaxLocks(count(value));
            case MAX_WAITERS -> options.withMaxWaiters(count(value));
            case MAX_CONNECTIONS -> options.withMaxConnections(count(value));
            case READ_TIMEOUT -> options.withReadTimeout(seconds(value));
            case WRITE_TIMEOUT -> options.withWriteTimeout(seconds(value));
            case SHUTDOWN_TIMEOUT -> options.withShutdownTimeout(seconds(value));
            case AUTO_RELEASE_ON_DISCONNECT -> options.withAutoReleaseOnDisconnect(truth(value));
            case NO_AUTO_RELEASE_ON_DISCONNECT -> options.withAutoReleaseOnDisconnect(!truth(value));
            case MAX_CONNECTIONS_PER_IP -> options.withMaxConnectionsPerIp(count(value));
            case FENCE_STATE_FILE -> options.withFenceStateFile(path(value));
            case TLS_CERT, TLS_KEY -> options; // They come in pairs: ServerFlags sees to them.
            case DEBUG -> {
                truth(value); // Checked here; what it means is the log's business: ServerFlags.isDebug.
                yield options;
            }
            case AUTH_TOKEN -> options.withAuthToken(value);
            case AUTH_TOKEN_FILE -> options.withAuthToken(secretIn(value, options));
        };
    }

    static Optional<ServerFlag> of(String word) {
        return Arrays.stream(values()).filter(flag -> flag.word.equals(word)).findFirst();
    }

    String word() {
        return word;
    }

    /** Empty if the setting is off. */
    String standard() {
        return standard;
    }

    /** May stand alone, and then means true. */
    boolean isBoolean() {
        return this == AUTO_RELEASE_ON_DISCONNECT || this == NO_AUTO_RELEASE_ON_DISCONNECT || this == DEBUG;
    }

    /** Whether servers of this line have the flag. */
    boolean isKnownTo(Profile profile) {
        return switch (this) {
            case NO_AUTO_RELEASE_ON_DISCONNECT -> profile == Profile.V0;
            case MAX_CONNECTIONS_PER_IP -> profile.limitsConnectionsPerAddress();
            case FENCE_STATE_FILE -> profile.hasFences();
            case AUTH_TOKEN, AUTH_TOKEN_FILE -> profile.hasAuth();
            default -> true;
        };
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
        String shown = standard.isEmpty() ? "none" : standard;
        return String.format("  --%s %s%n        %s (%s)", word, shown, meaning, variable());
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

    private static String secretIn(String file, FakeOptions options) {
        if (options.authToken().isPresent()) {
            throw new IllegalArgumentException("there is an auth token besides this file; give one of them");
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("cannot read the file '" + file + "': " + reason(e), e);
        }
    }

    private static String reason(Exception e) {
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }

    static Path path(String value) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + value + "' is no path: " + e.getMessage(), e);
        }
    }

    static boolean truth(String value) {
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "1", "yes" -> true;
            case "false", "f", "0", "no" -> false;
            default -> throw new IllegalArgumentException("'" + value + "' is neither true nor false");
        };
    }
}

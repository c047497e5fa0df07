package io.dflockd.fake;

import io.dflockd.fake.engine.EngineOptions;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.fault.FaultSink;
import io.dflockd.fake.protocol.Profile;
import io.dflockd.fake.protocol.Secret;
import io.dflockd.fake.tls.ServerTls;
import io.dflockd.fake.tls.TestCertificates;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * How a fake server behaves. Immutable: each {@code with...} gives a changed copy.
 *
 * <p>Names and defaults are those of the real server's flags (PROTOCOL.md section 6), but for the port, which is any free one. Every {@code with...} throws
 * {@link IllegalArgumentException} for a value that makes no sense.
 */
public final class FakeOptions implements Cloneable {

    private static final FakeOptions DEFAULTS = new FakeOptions();
    private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(23);
    private static final Duration LONGEST = Duration.ofSeconds(9_223_372_036L);

    private String host = "127.0.0.1";
    private int port;
    private Duration defaultLease = Duration.ofSeconds(33);
    private Duration sweepInterval = Duration.ofSeconds(1);
    private Duration gcInterval = Duration.ofSeconds(5);
    private Duration gcMaxIdle = Duration.ofSeconds(60);
    private int maxLocks = 1024;
    private int maxWaiters;
    private int maxConnections;
    private Optional<Duration> readTimeout = Optional.empty();
    private Duration writeTimeout = Duration.ofSeconds(5);
    private Duration shutdownTimeout = Duration.ofSeconds(30);
    private boolean autoReleaseOnDisconnect = true;
    private Optional<Secret> authToken = Optional.empty();
    private Optional<ServerTls> tls = Optional.empty();
    private boolean manualClock;
    private Profile profile = Profile.V1;
    private int maxConnectionsPerIp;
    private Optional<Path> fenceStateFile = Optional.empty();
    private OptionalLong seed = OptionalLong.empty();
    private EventSink events = EventSink.NONE;
    private FaultSink faultEvents = FaultSink.NONE;
    private int journalSize = 10_000;

    private FakeOptions() {}

    /** The real server's defaults, on any free port of the loopback interface. */
    public static FakeOptions defaults() {
        return DEFAULTS;
    }

    /** The address to listen on; the loopback interface by default. */
    public FakeOptions withHost(String value) {
        check(!value.isBlank(), "host", value, "an address or a name");
        return with(copy -> copy.host = value);
    }

    /** The port to listen on; 0, the default, takes any free one. */
    public FakeOptions withPort(int value) {
        check(value >= 0 && value <= 65535, "port", value, "from 0 to 65535");
        return with(copy -> copy.port = value);
    }

    /** The lease where a request names none, in whole seconds; 33 s by default. */
    public FakeOptions withDefaultLease(Duration value) {
        checkPositive("defaultLease", value);
        check(value.equals(Duration.ofSeconds(value.toSeconds())), "defaultLease", value, "whole seconds");
        return with(copy -> copy.defaultLease = value);
    }

    /** How often the server looks for expired leases; 1 s by default. */
    public FakeOptions withSweepInterval(Duration value) {
        checkPositive("sweepInterval", value);
        return with(copy -> copy.sweepInterval = value);
    }

    /** How often the server looks for idle keys; 5 s by default. */
    public FakeOptions withGcInterval(Duration value) {
        checkPositive("gcInterval", value);
        return with(copy -> copy.gcInterval = value);
    }

    /** How long an idle key is remembered at least, with its limit; 60 s by default. */
    public FakeOptions withGcMaxIdle(Duration value) {
        check(!value.isNegative() && value.compareTo(LONGEST) <= 0, "gcMaxIdle", value, "not negative");
        return with(copy -> copy.gcMaxIdle = value);
    }

    /** How many keys may be known, idle ones too; 1024 by default. */
    public FakeOptions withMaxLocks(int value) {
        check(value >= 1, "maxLocks", value, "at least 1");
        return with(copy -> copy.maxLocks = value);
    }

    /** How many may wait for one key; 0, the default, for any number. */
    public FakeOptions withMaxWaiters(int value) {
        check(value >= 0, "maxWaiters", value, "0 or more");
        return with(copy -> copy.maxWaiters = value);
    }

    /** How many connections may be open; 0, the default, for any number. One too many is accepted and closed without a byte. */
    public FakeOptions withMaxConnections(int value) {
        check(value >= 0, "maxConnections", value, "0 or more");
        return with(copy -> copy.maxConnections = value);
    }

    /** How long a client may be silent before it gets {@code error} and is closed; 23 s by default, and never by default with a manual clock. */
    public FakeOptions withReadTimeout(Duration value) {
        checkPositive("readTimeout", value);
        return with(copy -> copy.readTimeout = Optional.of(value));
    }

    /** How long a client may refuse to read what is written to it before its connection is reset; 5 s by default. */
    public FakeOptions withWriteTimeout(Duration value) {
        checkPositive("writeTimeout", value);
        return with(copy -> copy.writeTimeout = value);
    }

    /** How long the program waits for its clients at SIGTERM ({@link FakeDflockdServer#drain}); 30 s by default. {@link FakeDflockdServer#close} does not wait. */
    public FakeOptions withShutdownTimeout(Duration value) {
        checkPositive("shutdownTimeout", value);
        return with(copy -> copy.shutdownTimeout = value);
    }

    /** Whether a closed connection frees what it holds and leaves its queues; true by default. */
    public FakeOptions withAutoReleaseOnDisconnect(boolean value) {
        return with(copy -> copy.autoReleaseOnDisconnect = value);
    }

    /**
     * The secret that every client has to send first, by {@code auth}; by default there is none. White space around it does not count, and it never shows in
     * text. Not longer than a line may be: 256 bytes, or 65,536 on V2 if the profile was set before.
     */
    public FakeOptions withAuthToken(String value) {
        Secret secret = Secret.of(value);
        int length = secret.bytes().length;
        int most = profile.longestSecret();
        long lines = value.strip().lines().count();
        String given = length == 0 ? "white space" : lines > 1 ? lines + " lines" : length + " bytes";
        boolean fits = length > 0 && length <= most && lines == 1;
        check(fits, "authToken", given, "one line of at most " + most + " bytes on " + profile + " and not blank");
        return with(copy -> copy.authToken = Optional.of(secret));
    }

    /**
     * TLS on the whole port, 1.2 or newer, with certificates made for the purpose. Servers started with the same options share an authority, so one {@link
     * FakeDflockdServer#clientSslContext} is good for all of them.
     */
    public FakeOptions withTls() {
        return withTls(ServerTls.of(TestCertificates.create()));
    }

    /** TLS with a context of yours, which must have a certificate and its key. */
    public FakeOptions withTls(SSLContext value) {
        return withTls(ServerTls.of(value));
    }

    /**
     * TLS with a certificate chain and its private key from PEM files, as the real server's {@code --tls-cert} and {@code --tls-key}. The key may be PKCS#8, PKCS#1
     * or SEC 1, not encrypted. The files are read now.
     */
    public FakeOptions withTls(Path certificates, Path key) {
        return withTls(ServerTls.ofPem(certificates, key));
    }

    private FakeOptions withTls(ServerTls value) {
        return with(copy -> copy.tls = Optional.of(value));
    }

    /** Time stands still but for {@link ServerClock#advance}; then there is no read timeout unless {@link #withReadTimeout} sets one. */
    public FakeOptions withManualClock() {
        return with(copy -> copy.manualClock = true);
    }

    /** The seed of everything random: tokens, and faults that are a matter of probability. By default it is drawn; {@link FakeDflockdServer#seed} tells it. */
    public FakeOptions withSeed(long value) {
        return with(copy -> copy.seed = OptionalLong.of(value));
    }

    /**
     * Is told everything that happens in the engine, on the thread that makes it happen and under the server's lock. What it throws is logged. To move the
     * clock from there, or to reset or close the server, throws {@link IllegalStateException}.
     */
    public FakeOptions withEvents(EventSink value) {
        return with(copy -> copy.events = value);
    }

    /** Is told of every fault that strikes, on the thread that it strikes; it may not do either what {@link #withEvents} may not. What it throws is logged. */
    public FakeOptions withFaultEvents(FaultSink value) {
        return with(copy -> copy.faultEvents = value);
    }

    /** How many requests, and how many events, are kept for {@link FakeDflockdServer#journal} and {@link FakeDflockdServer#verify}; 10,000 by default, 0 for none. */
    public FakeOptions withJournalSize(int value) {
        check(value >= 0, "journalSize", value, "0 or more");
        return with(copy -> copy.journalSize = value);
    }

    /** The line of servers to be like; V1 by default. */
    public FakeOptions withProfile(Profile value) {
        return with(copy -> copy.profile = value);
    }

    /** V2 only: how many connections of one address may be open; 0, the default, for any number. One too many is accepted and closed without a byte. */
    public FakeOptions withMaxConnectionsPerIp(int value) {
        check(value >= 0, "maxConnectionsPerIp", value, "0 or more");
        return with(copy -> copy.maxConnectionsPerIp = value);
    }

    /** V2 only: a file in which the server keeps how far its fences are, so that they do not go back when it starts again. None by default. */
    public FakeOptions withFenceStateFile(Path value) {
        return with(copy -> copy.fenceStateFile = Optional.of(value));
    }

    /**
     * Whoever makes a server of these checks first that they fit together.
     *
     * @throws IllegalArgumentException if the profile does not have what is asked for
     */
    public FakeOptions requireConsistent() {
        check(authToken.isEmpty() || profile.hasAuth(), "profile", profile, "v1 or v2 with an auth token");
        boolean fits = maxConnectionsPerIp == 0 || profile.limitsConnectionsPerAddress();
        check(fits, "profile", profile, "v2 with maxConnectionsPerIp");
        check(fenceStateFile.isEmpty() || profile.hasFences(), "profile", profile, "v2 with a fence state file");
        int longest = profile.longestSecret();
        int length = authToken.isEmpty() ? 0 : authToken.get().bytes().length;
        check(length <= longest, "authToken", length + " bytes", "at most " + longest + " bytes on " + profile);
        return this;
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public int maxConnections() {
        return maxConnections;
    }

    /** Empty if clients may be silent for ever. */
    public Optional<Duration> readTimeout() {
        return readTimeout.isPresent() || manualClock ? readTimeout : Optional.of(DEFAULT_READ_TIMEOUT);
    }

    public Duration writeTimeout() {
        return writeTimeout;
    }

    public Duration shutdownTimeout() {
        return shutdownTimeout;
    }

    public Profile profile() {
        return profile;
    }

    public int maxConnectionsPerIp() {
        return maxConnectionsPerIp;
    }

    /** Empty if fences begin with the clock alone. */
    public Optional<Path> fenceStateFile() {
        return fenceStateFile;
    }

    /** Empty if everybody is let in. */
    public Optional<Secret> authToken() {
        return authToken;
    }

    /** Empty if the port speaks plain text. */
    public Optional<ServerTls> tls() {
        return tls;
    }

    public boolean isManualClock() {
        return manualClock;
    }

    /** Empty if it is to be drawn. */
    public OptionalLong seed() {
        return seed;
    }

    public EventSink events() {
        return events;
    }

    public FaultSink faultEvents() {
        return faultEvents;
    }

    public int journalSize() {
        return journalSize;
    }

    /** What of this is the engine's business, for one that starts at this instant. */
    public EngineOptions engineOptions(long start) {
        return new EngineOptions(
                start,
                defaultLease.toSeconds(),
                sweepInterval.toNanos(),
                gcInterval.toNanos(),
                gcMaxIdle.toNanos(),
                maxLocks,
                maxWaiters,
                autoReleaseOnDisconnect,
                profile);
    }

    private FakeOptions with(Consumer<FakeOptions> change) {
        FakeOptions copy = clone();
        change.accept(copy);
        return copy;
    }

    @Override
    protected FakeOptions clone() {
        try {
            return (FakeOptions) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("options are cloneable", e);
        }
    }

    private static void checkPositive(String name, Duration value) {
        boolean fits = !value.isNegative() && !value.isZero() && value.compareTo(LONGEST) <= 0;
        check(fits, name, value, "positive and at most " + LONGEST.toSeconds() + " s");
    }

    private static void check(boolean good, String name, Object value, String must) {
        if (!good) {
            throw new IllegalArgumentException(name + " must be " + must + ", not " + value);
        }
    }
}

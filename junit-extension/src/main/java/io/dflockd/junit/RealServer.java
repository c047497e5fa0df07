package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.DflockdException;
import io.dflockd.client.DflockdListener;
import io.dflockd.client.spi.ServerAddress;
import io.dflockd.fake.FakeDflockdServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A server that is no fake: it is asked by {@code stats}, and the injected clients tell what they do. */
final class RealServer implements TestServer {

    /** Where such a server comes from. */
    interface Origin {

        ServerAddress address();

        /** Tells a client all that it has to know of this server. */
        void introduce(DflockdClientBuilder client);

        /** Whether all that happens on it is of these tests, and it may be started again. */
        boolean isOurs();

        /** Forgets everything, at the same address. */
        void restart(String why);

        /** What it has printed, the newest lines. */
        List<String> printed(int lines);

        /** Ends it, if it was started here. Idempotent. */
        void close();
    }

    /** A server learns a little later than the test that a client was closed. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Origin origin;
    private final ClientLog log = new ClientLog();
    private final Probe probe;
    private volatile Set<String> before = Set.of();

    private RealServer(Origin origin, Consumer<DflockdClientBuilder> user) {
        this.origin = origin;
        DflockdClientBuilder builder = DflockdClient.builder();
        introduce(builder);
        user.accept(builder);
        this.probe = new Probe(builder.listener(new DflockdListener() {}).build());
    }

    /**
     * Looks whether it answers.
     *
     * @param user what the test says about its clients, the certificate for example
     * @throws DflockdException if it does not; then the origin is closed
     */
    static TestServer of(Origin origin, Consumer<DflockdClientBuilder> user) {
        try {
            RealServer server = new RealServer(origin, user);
            server.probe.ping();
            return server;
        } catch (RuntimeException | Error e) {
            origin.close();
            throw e;
        }
    }

    @Override
    public String address() {
        return origin.address().toString();
    }

    @Override
    public String host() {
        return origin.address().host();
    }

    @Override
    public int port() {
        return origin.address().port();
    }

    @Override
    public Optional<FakeDflockdServer> fake() {
        return Optional.empty();
    }

    @Override
    public void introduce(DflockdClientBuilder client) {
        client.servers(List.of(origin.address())).listener(log);
        origin.introduce(client);
    }

    @Override
    public void reset() {
        try {
            Set<String> taken = probe.awaitFree(before, GRACE);
            if (!origin.isOurs()) {
                before = probe.keys();
            } else if (!taken.isEmpty()) {
                origin.restart("what an earlier test held or waited for is not free: " + taken);
            }
        } catch (DflockdException silent) {
            if (origin.isOurs()) {
                origin.restart("nobody knows what is held there: " + silent.getMessage());
            }
        }
        log.clear();
    }

    /** On a server that others use, too, only what the injected clients hold is known to be of the test. */
    @Override
    public Map<Object, String> leftovers() {
        try {
            return origin.isOurs() ? probe.taken() : log.held();
        } catch (DflockdException silent) {
            return log.held();
        }
    }

    @Override
    public void mend() {
        // nothing was cut
    }

    @Override
    public String story(int lines) {
        StringBuilder story = new StringBuilder("dflockd " + origin + '\n');
        if (!before.isEmpty()) {
            section(story, "keys that were taken before the test", List.of(String.join(", ", before)));
        }
        section(story, "what it says now", probe.story());
        section(story, "what the injected clients did", log.story(lines));
        section(story, "what it has printed", printed(lines));
        return story.toString();
    }

    private List<String> printed(int lines) {
        try {
            return origin.printed(lines);
        } catch (RuntimeException gone) {
            return List.of("it cannot be read: " + gone.getMessage());
        }
    }

    private static void section(StringBuilder story, String title, List<String> lines) {
        if (lines.size() <= 1) {
            story.append("  " + title + ": " + (lines.isEmpty() ? "nothing" : lines.get(0)) + '\n');
        } else {
            story.append("  " + title + ":\n");
            lines.forEach(line -> story.append("    " + line + '\n'));
        }
    }

    @Override
    public void close() {
        probe.client().close();
        origin.close();
    }

    @Override
    public String toString() {
        return origin.toString();
    }
}

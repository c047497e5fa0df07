package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.journal.ServerState;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fake, in this JVM. */
final class FakeBackEnd implements TestServer {

    private final FakeDflockdServer server;
    private final EventLog events;

    private FakeBackEnd(FakeDflockdServer server, EventLog events) {
        this.server = server;
        this.events = events;
    }

    static TestServer start(FakeOptions options) {
        EventLog events = new EventLog(options.events(), options.journalSize());
        return new FakeBackEnd(FakeDflockdServer.start(options.withEvents(events)), events);
    }

    @Override
    public String address() {
        return server.address();
    }

    @Override
    public String host() {
        return server.host();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Optional<FakeDflockdServer> fake() {
        return Optional.of(server);
    }

    @Override
    public void introduce(DflockdClientBuilder client) {
        FakeOptions options = server.options();
        client.servers(server.address())
                .serverAutoRelease(options.engineOptions(0).autoRelease());
        options.readTimeout().ifPresent(client::serverReadTimeout);
        options.authToken().ifPresent(secret -> {
            String text = new String(secret.bytes(), StandardCharsets.UTF_8);
            client.secret(() -> text);
        });
        options.tls().filter(tls -> tls.given().isEmpty()).ifPresent(tls -> client.tls(server.clientSslContext()));
        if (options.profile().hasFences()) {
            client.serversHaveFences();
        }
    }

    @Override
    public void reset() {
        server.reset();
        events.clear();
    }

    @Override
    public Map<Object, String> leftovers() {
        ServerState state = server.state();
        long now = server.clock().nanos();
        Map<Object, String> left = new LinkedHashMap<>();
        state.held().stream()
                .filter(slot -> slot.connection() != 0 && slot.deadline() > now)
                .forEach(slot -> left.put(
                        List.of(slot.key(), slot.token()),
                        "'" + slot.key() + "' is still held by connection " + slot.connection() + ", which got it "
                                + grantOf(slot) + ": close the lease, best with try (...)"));
        state.queued()
                .forEach(place -> left.put(
                        List.of(place.key(), place.place()),
                        "connection " + place.connection() + " still waits for '" + place.key()
                                + "': close its place in the queue, best with try (...)"));
        return left;
    }

    private String grantOf(ServerState.Held slot) {
        return server.journal().requests().stream()
                .filter(request -> request.reply()
                        .filter(text -> text.contains(slot.token()))
                        .isPresent())
                .findFirst()
                .map(request -> "by request #" + request.number())
                .orElse("when its turn had come");
    }

    @Override
    public void mend() {
        try {
            server.heal();
            server.clock().thaw();
        } catch (IllegalStateException closed) {
            // by the test: then everybody knows that everything has ended
        }
    }

    @Override
    public String story(int lines) {
        return FakeStory.of(server, events.list(), lines);
    }

    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return server.toString();
    }
}

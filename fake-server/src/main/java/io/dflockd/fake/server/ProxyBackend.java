package io.dflockd.fake.server;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.protocol.Command;
import io.dflockd.fake.protocol.Profile;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands requests on to a server behind: one connection to it for each of a client. Nothing is decided here but what the faults decide; time-outs, limits,
 * secrets and errors are the server's.
 */
final class ProxyBackend implements Backend {

    private static final Duration FOR_EVER = Duration.ofSeconds(9_223_372_036L);

    private final EngineDriver driver;
    private final InetSocketAddress server;
    private final Map<Long, Relay> relays = new HashMap<>();
    private Connector connector = Connector.NONE;

    ProxyBackend(EngineDriver driver, InetSocketAddress server) {
        this.driver = driver;
        this.server = server;
    }

    /** What counts of the options of a proxy. Requests are read as generously as any server reads them. */
    static FakeOptions lax(FakeOptions options) {
        return options.withProfile(Profile.V2)
                .withMaxConnections(0)
                .withMaxConnectionsPerIp(0)
                .withWriteTimeout(FOR_EVER);
    }

    @Override
    public void connectBy(Connector how) {
        connector = how;
    }

    @Override
    public boolean isServer() {
        return false;
    }

    @Override
    public void connected(Session session) {
        Relay relay = new Relay(driver, session);
        relays.put(session.number(), relay);
        relay.connect(connector, server);
    }

    @Override
    public void apply(Session session, Command command) {
        relay(session).ifPresent(relay -> relay.forward(command));
    }

    @Override
    public boolean received(Session session, byte[] bytes, int offset, int length) {
        return relay(session)
                .filter(relay -> relay.fromClient(bytes, offset, length))
                .isPresent();
    }

    @Override
    public boolean isUnderWay(Session session) {
        return relay(session).filter(Relay::isUnderWay).isPresent();
    }

    @Override
    public void settled(Session session) {
        relay(session).ifPresent(Relay::settle);
    }

    @Override
    public void finished(Session session) {
        relay(session).ifPresent(Relay::finished);
    }

    @Override
    public void unreadable(Session session) {
        relay(session).ifPresent(Relay::passThrough);
    }

    @Override
    public boolean isTooMuch(Session session, int buffered) {
        return relay(session).filter(relay -> relay.isTooMuch(buffered)).isPresent();
    }

    @Override
    public void gone(Session session) {
        Optional.ofNullable(relays.remove(session.number())).ifPresent(Relay::end);
    }

    @Override
    public void closeAll() {
        List<Relay> all = List.copyOf(relays.values());
        relays.clear();
        all.forEach(Relay::end);
    }

    @Override
    public void reset() {
        closeAll();
    }

    private Optional<Relay> relay(Session session) {
        return Optional.ofNullable(relays.get(session.number()));
    }

    @Override
    public String toString() {
        return "a proxy in front of " + server.getHostString() + ':' + server.getPort();
    }
}

package io.dflockd.junit;

import io.dflockd.client.DflockdClientBuilder;
import io.dflockd.client.spi.ServerAddress;
import java.util.List;
import java.util.Optional;

/** A server that runs already, and that nothing is done to. */
record ExternalOrigin(ServerAddress address, Optional<String> secret) implements RealServer.Origin {

    /** With the secret that {@code dflockd.secret} says, if any. */
    static ExternalOrigin of(ServerAddress address, Outside outside) {
        return new ExternalOrigin(address, outside.get("dflockd.secret").map(Outside.Setting::value));
    }

    @Override
    public void introduce(DflockdClientBuilder client) {
        secret.ifPresent(text -> client.secret(() -> text));
    }

    @Override
    public boolean isOurs() {
        return false;
    }

    @Override
    public void restart(String why) {
        throw new UnsupportedOperationException("this server is not ours: " + address);
    }

    @Override
    public List<String> printed(int lines) {
        return List.of("nobody here can see that");
    }

    @Override
    public void close() {
        // it was not started here
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "external at " + address;
    }
}

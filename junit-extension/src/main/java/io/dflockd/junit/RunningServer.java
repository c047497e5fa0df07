package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** A server that was started for one test or for all of a class. */
final class RunningServer {

    private final ServerExtension owner;
    private final Settings settings;
    private final BackEnd backEnd;
    private volatile boolean known;

    private RunningServer(ServerExtension owner, Settings settings, BackEnd backEnd) {
        this.owner = owner;
        this.settings = settings;
        this.backEnd = backEnd;
        owner.started(this);
    }

    /**
     * Starts it.
     *
     * @throws ExtensionConfigurationException if it does not start
     */
    static RunningServer start(Claim claim) {
        Settings settings = claim.settings();
        try {
            return new RunningServer(claim.owner(), settings, FakeBackEnd.start(settings.options()));
        } catch (RuntimeException e) {
            throw new ExtensionConfigurationException(settings.where() + ": no server: " + e.getMessage(), e);
        }
    }

    BackEnd backEnd() {
        return backEnd;
    }

    /** A new client of it. */
    DflockdClient connect() {
        DflockdClientBuilder builder = DflockdClient.builder();
        backEnd.introduce(builder);
        settings.client().accept(builder);
        return builder.build();
    }

    /** Its address was told to somebody who may live longer than one test, and so may clients of it. */
    void becomeKnown() {
        known = true;
    }

    boolean isKnown() {
        return known;
    }

    /** Ends it. Idempotent. */
    void close() {
        owner.ended(this);
        backEnd.close();
    }
}

package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.client.DflockdClientBuilder;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.opentest4j.TestAbortedException;

/** A server that was started for one test or for all of a class. */
final class RunningServer {

    private final ServerExtension owner;
    private final Settings settings;
    private final TestServer backEnd;
    private volatile boolean known;

    private RunningServer(ServerExtension owner, Settings settings, TestServer backEnd) {
        this.owner = owner;
        this.settings = settings;
        this.backEnd = backEnd;
        owner.started(this);
    }

    /**
     * Starts it.
     *
     * @throws ExtensionConfigurationException if it does not start, or cannot be as was asked for
     * @throws TestAbortedException if it needs what this machine does not have and need not have
     */
    static RunningServer start(Claim claim) {
        Settings settings = claim.settings();
        Outside outside = Outside.of(claim.home());
        Choice choice = Choice.of(settings, outside);
        try {
            FakeOnly.refuse(settings, choice);
            return new RunningServer(claim.owner(), settings, backEnd(claim, choice, outside));
        } catch (ExtensionConfigurationException | TestAbortedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ExtensionConfigurationException(
                    settings.where() + ": no server"
                            + (choice.backend() == Backend.FAKE ? "" : ", it would be " + choice) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static TestServer backEnd(Claim claim, Choice choice, Outside outside) {
        Settings settings = claim.settings();
        return switch (choice.backend()) {
            case CONTAINER -> RealServer.of(Engine.start(claim, choice, outside), settings.client());
            case EXTERNAL ->
                RealServer.of(ExternalOrigin.of(choice.address().orElseThrow(), outside), settings.client());
            default -> FakeBackEnd.start(settings.options());
        };
    }

    TestServer backEnd() {
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

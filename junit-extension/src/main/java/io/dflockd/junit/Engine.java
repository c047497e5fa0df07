package io.dflockd.junit;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** What containers need, and what happens where it is not there. */
final class Engine {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final String TESTCONTAINERS = "org.testcontainers.containers.GenericContainer";

    private Engine() {}

    /**
     * Starts a container.
     *
     * @throws ExtensionConfigurationException without Testcontainers; without an engine, where there has to be one
     * @throws TestAbortedException without an engine elsewhere
     */
    static RealServer.Origin start(Claim claim, Choice choice) {
        requireTestcontainers(claim.settings(), choice, Engine.class.getClassLoader());
        requireEngine(claim, choice, () -> DockerClientFactory.instance().isDockerAvailable());
        return ContainerOrigin.start(claim.settings(), choice);
    }

    static void requireTestcontainers(Settings settings, Choice choice, ClassLoader loader) {
        try {
            Class.forName(TESTCONTAINERS, false, loader);
        } catch (ClassNotFoundException missing) {
            throw new ExtensionConfigurationException(
                    settings.where() + ": the server is " + choice
                            + ", which needs Testcontainers. Add the dependency org.testcontainers:testcontainers, version 2.0 or newer,"
                            + " in test scope, and on the module path --add-modules testcontainers",
                    missing);
        }
    }

    static void requireEngine(Claim claim, Choice choice, BooleanSupplier available) {
        if (available.getAsBoolean()) {
            return;
        }
        String missing = Settings.called(claim.settings().name()) + " is " + choice
                + ", and there is no container engine that Testcontainers finds";
        if (Outside.of(claim.home()).requiresContainers()) {
            throw new ExtensionConfigurationException(
                    claim.settings().where() + ": " + missing
                            + ". Start Docker or another one. Where CI is true, or dflockd.container.required, its tests fail and are not skipped");
        }
        ExtensionContext run = claim.home().getRoot();
        Stored.in(run, Engine.class, () -> tell(missing), told -> {});
        throw new TestAbortedException("skipped: " + missing);
    }

    private static String tell(String missing) {
        LOG.warn(
                "########## TESTS ARE SKIPPED: {}. Start Docker or another one; dflockd.container.required=true makes them fail instead ##########",
                missing);
        return missing;
    }
}

package io.dflockd.junit;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
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
    static RealServer.Origin start(Claim claim, Choice choice, Outside outside) {
        requireTestcontainers(claim.settings(), choice);
        requireEngine(
                claim.settings(),
                choice,
                outside,
                () -> DockerClientFactory.instance().isDockerAvailable(),
                text -> warnOnce(claim.home().getRoot(), text));
        return ContainerOrigin.start(claim.settings(), choice);
    }

    private static void requireTestcontainers(Settings settings, Choice choice) {
        try {
            Class.forName(TESTCONTAINERS, false, Engine.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new ExtensionConfigurationException(
                    settings.where() + ": the server is " + choice
                            + ", which needs Testcontainers. Add the dependency org.testcontainers:testcontainers, version 2.0 or newer,"
                            + " in test scope, and on the module path --add-modules testcontainers",
                    missing);
        }
    }

    /**
     * Checks.
     *
     * @param loud is told what has to be seen
     */
    static void requireEngine(
            Settings settings, Choice choice, Outside outside, BooleanSupplier available, Consumer<String> loud) {
        if (available.getAsBoolean()) {
            return;
        }
        String missing = Settings.called(settings.name()) + " is " + choice
                + ", and there is no container engine that Testcontainers finds";
        if (outside.requiresContainers()) {
            throw new ExtensionConfigurationException(
                    settings.where() + ": " + missing
                            + ". Start Docker or another one. Where CI is true, or dflockd.container.required, such tests fail and are not skipped");
        }
        loud.accept("########## TESTS ARE SKIPPED: " + missing
                + ". Start Docker or another one; dflockd.container.required=true makes them fail instead ##########");
        throw new TestAbortedException("skipped: " + missing);
    }

    /** Once in a run, however many classes are skipped. */
    private static void warnOnce(ExtensionContext run, String text) {
        Stored.in(
                run,
                Engine.class,
                () -> {
                    LOG.warn(text);
                    return text;
                },
                told -> {});
    }
}

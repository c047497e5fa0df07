package io.dflockd.junit;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server that was asked for at a context, and that everything below sees unless somebody nearer asks for one with the same name.
 *
 * @param owner the extension that has to provide it
 * @param home the context at which it was asked for
 */
record Claim(ServerExtension owner, Settings settings, ExtensionContext home) {

    /**
     * Claims a server at a context.
     *
     * @throws ExtensionConfigurationException if another owner has claimed the same name there
     */
    static Claim put(ServerExtension owner, Settings settings, ExtensionContext home) {
        Claim claim = new Claim(owner, settings, home);
        Claim other = claims(home).putIfAbsent(settings.name(), claim);
        if (other != null && !other.owner.isSameAs(owner)) {
            throw claim.conflictsWith(other);
        }
        return other == null ? claim : other;
    }

    /**
     * Claims a server for one test, by an extension in a field of its instance.
     *
     * @throws ExtensionConfigurationException if anybody round the test has claimed the same name, or the server would have to live longer
     */
    static Claim putForTest(ServerExtension owner, Settings settings, ExtensionContext test) {
        Claim other = visible(test).get(settings.name());
        if (other != null) {
            throw new Claim(owner, settings, test).conflictsWith(other);
        }
        if (settings.scope().equals(Optional.of(ServerScope.PER_CLASS))) {
            throw new ExtensionConfigurationException(
                    settings.where()
                            + ": a server of scope PER_CLASS cannot belong to the instance of one test. Make the field static, or leave the scope out");
        }
        return put(owner, settings, test);
    }

    /** What a test, or a class, sees: by name, the nearest. */
    static Map<String, Claim> visible(ExtensionContext context) {
        Map<String, Claim> visible = new LinkedHashMap<>();
        List<ExtensionContext> homes = Contexts.homes(context);
        for (int i = homes.size() - 1; i >= 0; i--) {
            claims(homes.get(i)).forEach(visible::putIfAbsent);
        }
        return visible;
    }

    /** What is claimed at one context, by name. */
    private static Map<String, Claim> claims(ExtensionContext home) {
        return Stored.in(home, Claim.class, ConcurrentHashMap<String, Claim>::new, claimed -> {});
    }

    ExtensionConfigurationException conflictsWith(Claim other) {
        return new ExtensionConfigurationException(Settings.called(settings.name()) + " is asked for twice: "
                + other.settings.where() + ", and " + settings.where()
                + ". Leave one of them out, or give it a name, which @Dflockd(\"...\") on a parameter then tells");
    }

    /** Whether each test has a server of its own. */
    boolean isPerTest() {
        return Contexts.isOfTest(home) || settings.scope().equals(Optional.of(ServerScope.PER_METHOD));
    }

    /** The server that all tests share, started now if it was not yet. */
    RunningServer shared() {
        return Stored.in(
                home, List.of(RunningServer.class, settings.name()), () -> RunningServer.start(this), this::endOfClass);
    }

    /** When the class itself has failed, and not one of its tests, nobody else has told what the server saw. */
    private void endOfClass(RunningServer server) {
        Failures failures = new Failures();
        Outcome.of(home)
                .failure()
                .ifPresent(failure -> failures.guard(
                        () -> Report.of(this, server).attachTo(failure).publish(home)));
        failures.guard(server::close);
        failures.throwFirst();
    }
}

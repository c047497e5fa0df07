package io.dflockd.junit;

import io.dflockd.fake.FakeOptions;
import io.dflockd.fake.engine.EventSink;
import io.dflockd.fake.fault.FaultSink;
import io.dflockd.fake.protocol.Profile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** What only a fake can do: on another back end it is refused, or skipped where {@link RequiresFake} says so, and never left out in silence. */
final class FakeOnly {

    /** What to do about it. */
    static final String ADVICE = "Say @RequiresFake on the test or the class to have it skipped on other back ends,"
            + " or backend = Backend.FAKE to have the fake in any case";

    private FakeOnly() {}

    /**
     * Checks before a class or a test.
     *
     * @throws TestAbortedException if it requires the fake, and the server is none
     */
    static void skipIfRequired(ExtensionContext context, Claim claim) {
        boolean required = Contexts.homes(context).stream()
                .anyMatch(home -> AnnotationSupport.isAnnotated(home.getElement(), RequiresFake.class));
        if (required) {
            Choice choice = Choice.of(claim.settings(), Outside.of(context));
            if (choice.backend() != Backend.FAKE) {
                throw new TestAbortedException(context.getDisplayName() + " is skipped: it says @RequiresFake, and "
                        + Settings.called(claim.settings().name()) + " is " + choice);
            }
        }
    }

    /**
     * Checks before a server is started.
     *
     * @throws ExtensionConfigurationException if what was asked for cannot be had of this kind
     */
    static void refuse(Settings settings, Choice choice) {
        if (choice.backend() == Backend.FAKE) {
            return;
        }
        List<String> asked = new ArrayList<>(only(settings.options()));
        settings.latency().ifPresent(latency -> asked.add("latency"));
        String advice = ADVICE;
        if (asked.isEmpty() && choice.backend() == Backend.EXTERNAL) {
            asked.addAll(OptionFlags.of(settings.options()));
            settings.options().authToken().ifPresent(token -> asked.add("the auth token"));
            advice = "Nobody can set that on a server that runs already: start it with these and leave them out here,"
                    + " a secret goes into DFLOCKD_SECRET. Or else: " + ADVICE;
        }
        if (!asked.isEmpty()) {
            throw new ExtensionConfigurationException(settings.where() + ": " + String.join(", ", asked)
                    + " cannot be had, the server is " + choice + ". " + advice);
        }
    }

    private static List<String> only(FakeOptions options) {
        List<String> asked = new ArrayList<>();
        if (options.isManualClock()) {
            asked.add("manualClock");
        }
        if (options.profile() != Profile.V1) {
            asked.add("profile");
        }
        options.seed().ifPresent(seed -> asked.add("seed"));
        if (options.events() != EventSink.NONE || options.faultEvents() != FaultSink.NONE) {
            asked.add("events");
        }
        FakeOptions standard = FakeOptions.defaults();
        if (!options.host().equals(standard.host()) || options.port() != standard.port()) {
            asked.add("host or port");
        }
        options.tls().ifPresent(tls -> asked.add("TLS by options(...)"));
        return asked;
    }
}

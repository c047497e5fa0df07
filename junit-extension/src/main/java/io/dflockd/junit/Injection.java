package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.ServerClock;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/**
 * A parameter that asks for something of ours.
 *
 * @param type what it asks for
 * @param server the name of the server
 * @param parameter to be named in messages
 * @param context the test, or the class if it is of a constructor: a constructor's have the scope of the class
 */
record Injection(Class<?> type, String server, String parameter, ExtensionContext context) {

    /** What can be asked for. */
    static final List<Class<?>> TYPES =
            List.of(FakeDflockdServer.class, DflockdServer.class, ServerClock.class, DflockdClient.class);

    /** What this parameter asks for; empty if it is none of our business. */
    static Optional<Injection> of(ParameterContext parameter, ExtensionContext context) {
        Parameter declared = parameter.getParameter();
        Optional<Dflockd> name = parameter.findAnnotation(Dflockd.class);
        if (name.isEmpty() && !TYPES.contains(declared.getType())) {
            return Optional.empty();
        }
        boolean constructor = parameter.getDeclaringExecutable() instanceof Constructor;
        return Optional.of(new Injection(
                declared.getType(),
                name.map(Dflockd::value).orElse(""),
                declared.getType().getSimpleName() + " of "
                        + parameter.getDeclaringExecutable().getDeclaringClass().getSimpleName()
                        + (constructor
                                ? "'s constructor"
                                : "." + parameter.getDeclaringExecutable().getName() + "()"),
                constructor ? Contexts.ofClass(context) : context));
    }

    /** The server that is meant, as this context sees it. */
    Optional<Claim> claim() {
        return Optional.ofNullable(Claim.visible(context).get(server));
    }

    /**
     * The value.
     *
     * @throws ParameterResolutionException if there is no such server, or not so long, or it has no such thing
     */
    Object value() {
        if (!TYPES.contains(type)) {
            throw new ParameterResolutionException("@Dflockd on " + parameter + ": there are "
                    + TYPES.stream().map(Class::getSimpleName).collect(Collectors.joining(", ")));
        }
        Claim claim = claim().orElseThrow(this::unknown);
        if (Contexts.isOfTest(context)) {
            TestRun run = TestRun.of(context, claim);
            return type == DflockdClient.class ? run.client() : of(run.server());
        } else if (claim.isPerTest()) {
            throw new ParameterResolutionException(parameter + " wants to live as long as the class, but "
                    + Settings.called(server) + " lives as long as one test ("
                    + claim.settings().where()
                    + "). Take it in the test or in a @BeforeEach method, or say scope = PER_CLASS");
        }
        RunningServer shared = claim.shared();
        shared.becomeKnown();
        return type == DflockdClient.class ? clientOfClass(shared) : of(shared);
    }

    private DflockdClient clientOfClass(RunningServer shared) {
        return Stored.in(context, List.of(DflockdClient.class, server), shared::connect, DflockdClient::close);
    }

    private Object of(RunningServer running) {
        if (type == DflockdServer.class) {
            return running.backEnd();
        }
        FakeDflockdServer fake = running.backEnd()
                .fake()
                .orElseThrow(() -> new ParameterResolutionException(parameter + ": only the fake has it, and this is "
                        + running.backEnd() + ". Ask for DflockdServer if an address is enough. " + FakeOnly.ADVICE));
        return type == ServerClock.class ? fake.clock() : fake;
    }

    private ParameterResolutionException unknown() {
        Map<String, Claim> visible = Claim.visible(context);
        String known = visible.isEmpty()
                ? "there is none: put @WithDflockd on the class or the test"
                : "there are: "
                        + visible.values().stream()
                                .map(claim -> Settings.called(claim.settings().name()) + " ("
                                        + claim.settings().where() + ')')
                                .collect(Collectors.joining(", "))
                        + ". Say which by @Dflockd(\"...\") on the parameter";
        return new ParameterResolutionException(parameter + " asks for " + Settings.called(server) + "; " + known);
    }
}

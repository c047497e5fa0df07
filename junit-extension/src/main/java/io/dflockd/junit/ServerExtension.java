package io.dflockd.junit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/**
 * What JUnit calls, however a server was asked for. All state of tests is in JUnit's store.
 *
 * <p>For the annotations and for extensions in fields there is a class each: JUnit registers no second extension of a class by annotation where there is one already, so that an
 * annotation on a method would be nothing in a class with a field.
 */
abstract sealed class ServerExtension
        implements BeforeAllCallback,
                TestInstancePreConstructCallback,
                BeforeEachCallback,
                BeforeTestExecutionCallback,
                ParameterResolver,
                InvocationInterceptor
        permits AnnotationExtension, DflockdExtension {

    /** Claims the server of this very instance, if it has one and it has not been claimed: its class or its test begins. */
    abstract void claimOwn(ExtensionContext context);

    /** Whether both speak for the same servers. */
    abstract boolean isSameAs(ServerExtension other);

    void started(RunningServer server) {}

    void ended(RunningServer server) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        claimDeclared(context);
        claimOwn(context);
        startShared(context);
    }

    /** Comes before {@link #beforeAll} if the class has one instance for all its tests, whose constructor may have parameters. */
    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        ExtensionContext ofClass = Contexts.ofClass(context);
        claimDeclared(ofClass);
        if (context.getTestInstanceLifecycle().equals(Optional.of(TestInstance.Lifecycle.PER_CLASS))) {
            claimOwn(ofClass);
        }
        startShared(ofClass);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        claimDeclared(context);
        claimOwn(context);
        mine(context).forEach(claim -> TestRun.of(context, claim));
    }

    /** By now every extension has claimed what it has. */
    @Override
    public void beforeTestExecution(ExtensionContext context) {
        Map<String, Claim> visible = Claim.visible(context);
        for (String server : DeclaredFaults.servers(context)) {
            if (!visible.containsKey(server)) {
                throw new ExtensionConfigurationException(
                        "@DflockdFault is for " + Settings.called(server) + ", and " + context.getDisplayName()
                                + " has none: put @WithDflockd on the class or the test, or correct the name");
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Optional<Injection> wanted = Injection.of(parameter, context);
        if (wanted.isEmpty()) {
            return false;
        }
        ExtensionContext at = wanted.get().context();
        claimDeclared(at);
        Optional<Claim> claim = wanted.get().claim();
        return claim.isPresent() ? claim.get().owner().isSameAs(this) : isFirstToSpeak(at);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Injection.of(parameter, context).orElseThrow().value();
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext which, ExtensionContext dynamicTest)
            throws Throwable {
        try {
            invocation.proceed();
        } catch (Throwable failure) {
            if (!Outcome.aborts(failure)) {
                ExtensionContext test = Contexts.ofTest(dynamicTest);
                mine(test).forEach(claim -> TestRun.of(test, claim).dynamicTestFailed(dynamicTest, failure));
            }
            throw failure;
        }
    }

    /** Whichever instance comes first claims for the annotations: a method's have to be known before the class's begin with the test. */
    private static void claimDeclared(ExtensionContext context) {
        for (ExtensionContext home : Contexts.homes(context)) {
            Stored.in(
                    home,
                    Declarations.class,
                    () -> {
                        List<Settings> all = Declarations.at(home); // all of them are checked before one is claimed
                        all.forEach(settings -> Claim.put(new AnnotationExtension(), settings, home));
                        return all;
                    },
                    claimed -> {});
        }
    }

    private void startShared(ExtensionContext context) {
        List<Claim> mine = mine(context);
        mine.forEach(claim -> FakeOnly.skipIfRequired(context, claim));
        mine.stream().filter(claim -> !claim.isPerTest()).forEach(Claim::shared);
    }

    private List<Claim> mine(ExtensionContext context) {
        return Claim.visible(context).values().stream()
                .filter(claim -> claim.owner().isSameAs(this))
                .toList();
    }

    /** Of several instances, which one says that nobody knows a server. */
    private boolean isFirstToSpeak(ExtensionContext context) {
        Object first = Contexts.store(context).getOrComputeIfAbsent(Contexts.key(context, "speaker"), missing -> this);
        return first == this;
    }
}

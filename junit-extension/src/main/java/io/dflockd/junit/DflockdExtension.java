package io.dflockd.junit;

import io.dflockd.client.DflockdClient;
import io.dflockd.fake.FakeDflockdServer;
import io.dflockd.fake.FakeOptions;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link WithDflockd} does. All its state is in JUnit's store. */
final class DflockdExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(DflockdExtension.class);
    private static final Set<Class<?>> INJECTED = Set.of(FakeDflockdServer.class, DflockdClient.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        server(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server(context).reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return INJECTED.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        FakeDflockdServer server = server(context);
        return parameter.getParameter().getType() == FakeDflockdServer.class ? server : client(server, context);
    }

    /** The server of the class that carries the annotation. A nested class finds it, because the store looks in the enclosing class first. */
    private static FakeDflockdServer server(ExtensionContext context) {
        Class<?> annotated = annotatedClass(context.getRequiredTestClass());
        return stored(
                context,
                annotated,
                () -> new Stored<>(FakeDflockdServer.start(options(annotated)), FakeDflockdServer::close));
    }

    /** One client for each context, so that a test's client ends with the test. */
    private static DflockdClient client(FakeDflockdServer server, ExtensionContext context) {
        return stored(
                context,
                context.getUniqueId(),
                () -> new Stored<>(DflockdClient.connect(server.address()), DflockdClient::close));
    }

    /** The test class itself, or the nearest enclosing one with the annotation, its own or an inherited one. */
    private static Class<?> annotatedClass(Class<?> testClass) {
        for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
            if (AnnotationSupport.isAnnotated(type, WithDflockd.class)) {
                return type;
            }
        }
        throw new ExtensionConfigurationException("@WithDflockd must be on the test class: found none on " + testClass);
    }

    private static FakeOptions options(Class<?> annotated) {
        boolean manualClock = AnnotationSupport.findAnnotation(annotated, WithDflockd.class)
                .map(WithDflockd::manualClock)
                .orElseThrow();
        FakeOptions options = FakeOptions.defaults();
        return manualClock ? options.withManualClock() : options;
    }

    @SuppressWarnings("unchecked")
    private static <T> T stored(ExtensionContext context, Object key, Supplier<Stored<T>> start) {
        return ((Stored<T>) context.getStore(NAMESPACE).getOrComputeIfAbsent(key, missing -> start.get())).value();
    }
}

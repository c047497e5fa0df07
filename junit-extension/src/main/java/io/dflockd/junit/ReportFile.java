package io.dflockd.junit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside a test's results, which JUnit can have since 5.12. Its types for it have moved once since and are not there before, so that they are found when they are
 * needed.
 */
final class ReportFile {

    private static final Logger LOG = LoggerFactory.getLogger(ReportFile.class);

    private ReportFile() {}

    /** Publishes a text file, where that can be. */
    static void publish(ExtensionContext context, String name, String text) {
        try {
            Optional<Method> publish = publisher();
            if (publish.isPresent()) {
                Class<?>[] types = publish.get().getParameterTypes();
                Object mediaType = types[1].getMethod("parse", String.class).invoke(null, "text/plain; charset=UTF-8");
                publish.get().invoke(context, name, mediaType, writer(types[2], text));
            }
        } catch (InvocationTargetException e) {
            LOG.debug("no file {}: JUnit has nowhere to put it", name, e);
        } catch (ReflectiveOperationException e) {
            LOG.debug("no file {}: this JUnit publishes them in another way", name, e);
        }
    }

    private static Optional<Method> publisher() {
        return Arrays.stream(ExtensionContext.class.getMethods())
                .filter(method -> method.getName().equals("publishFile") && method.getParameterCount() == 3)
                .min((one, other) -> Boolean.compare(isOld(one), isOld(other)));
    }

    private static boolean isOld(Method method) {
        return method.isAnnotationPresent(Deprecated.class);
    }

    /** JUnit hands over the path at which the file has to be. */
    private static Object writer(Class<?> type, String text) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getDeclaringClass() != Object.class && arguments != null) {
                Files.writeString((Path) arguments[0], text);
            }
            return null;
        });
    }
}

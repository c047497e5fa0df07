package io.dflockd.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers that annotations ask for. For each name the nearest counts: on the element itself before behind an annotation of it, before the superclass, before
 * the interfaces. So a class that inherits the annotation and repeats it has one server, not two.
 */
final class Declarations {

    /** An annotation, where it was found, and how many other annotations it was found behind. */
    private record Found(WithDflockd annotation, String where, int distance) {}

    private Declarations() {}

    /** What is asked for at this context, by the class with all that it inherits, or by the method. */
    static List<Settings> at(ExtensionContext home) {
        Map<String, Found> found = Contexts.isOfTest(home)
                ? ofElement(home.getRequiredTestMethod())
                : ofClass(home.getRequiredTestClass());
        return found.values().stream()
                .map(one -> Settings.of(one.annotation, one.where))
                .toList();
    }

    private static Map<String, Found> ofClass(Class<?> type) {
        Map<String, Found> found = ofElement(type);
        if (type.getSuperclass() != null) {
            ofClass(type.getSuperclass()).forEach(found::putIfAbsent);
        }
        Map<String, Found> inherited = new LinkedHashMap<>();
        for (Class<?> parent : type.getInterfaces()) {
            ofClass(parent).values().forEach(one -> put(inherited, one));
        }
        inherited.forEach(found::putIfAbsent);
        return found;
    }

    private static Map<String, Found> ofElement(AnnotatedElement element) {
        Map<String, Found> found = new LinkedHashMap<>();
        Set<Class<?>> seen = new HashSet<>();
        Deque<AnnotatedElement> level = new ArrayDeque<>(List.of(element));
        for (int distance = 0; !level.isEmpty(); distance++) {
            Deque<AnnotatedElement> next = new ArrayDeque<>();
            for (AnnotatedElement holder : level) {
                String where = "@WithDflockd on " + text(element) + (distance == 0 ? "" : " by " + text(holder));
                for (Annotation annotation : holder.getDeclaredAnnotations()) {
                    for (WithDflockd one : declared(annotation)) {
                        put(found, new Found(one, where, distance));
                    }
                    if (seen.add(annotation.annotationType())) {
                        next.add(annotation.annotationType());
                    }
                }
            }
            level = next;
        }
        return found;
    }

    private static WithDflockd[] declared(Annotation annotation) {
        return annotation instanceof WithDflockd one
                ? new WithDflockd[] {one}
                : annotation instanceof WithDflockd.Several several ? several.value() : new WithDflockd[0];
    }

    /** The nearer one counts; two that are equally near must not differ. */
    private static void put(Map<String, Found> found, Found one) {
        Found other = found.putIfAbsent(one.annotation.name(), one);
        if (other != null && other.distance == one.distance && !other.annotation.equals(one.annotation)) {
            throw new ExtensionConfigurationException(Settings.called(one.annotation.name())
                    + " is asked for twice, in different ways: " + other.where + ", and " + one.where
                    + ". Give one of them a name, or put on the class itself what is meant");
        }
    }

    private static String text(AnnotatedElement element) {
        if (element instanceof Method method) {
            return method.getDeclaringClass().getName() + '.' + method.getName() + "()";
        }
        Class<?> type = (Class<?>) element;
        return (type.isAnnotation() ? "@" : "") + type.getName();
    }
}

package io.dflockd.client.failure;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Platform and virtual threads. The second kind is found by reflection, since the code is compiled for Java 17, which has none. */
enum ThreadKind implements ThreadFactory {
    PLATFORM,
    VIRTUAL;

    private static final @Nullable MethodHandle START_VIRTUAL = virtual();

    private static final List<ThreadKind> HERE = START_VIRTUAL == null ? withoutVirtual() : List.of(values());

    /** The kinds that this JVM has; the first time it says aloud if one is missing. */
    static List<ThreadKind> here() {
        return HERE;
    }

    private static List<ThreadKind> withoutVirtual() {
        System.out.println("*** NOT TESTED HERE: virtual threads do not exist on Java "
                + Runtime.version().feature() + "; run these tests on 21 or newer ***");
        return List.of(PLATFORM);
    }

    /** A thread that has not been started. */
    @Override
    public Thread newThread(Runnable body) {
        if (this == PLATFORM || START_VIRTUAL == null) {
            Thread thread = new Thread(body, "test-platform");
            thread.setDaemon(true);
            return thread;
        }
        try {
            return ((ThreadFactory) START_VIRTUAL.invoke()).newThread(body);
        } catch (Throwable e) {
            throw new AssertionError("this JVM has virtual threads but does not make one", e);
        }
    }

    /** {@code Thread.ofVirtual().factory()}. */
    private static @Nullable MethodHandle virtual() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            MethodHandle maker = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual));
            MethodHandle factory = lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
            return MethodHandles.filterReturnValue(
                    maker, factory.asType(factory.type().changeParameterType(0, ofVirtual)));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}

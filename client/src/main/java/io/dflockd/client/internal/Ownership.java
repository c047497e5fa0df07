package io.dflockd.client.internal;

import io.dflockd.client.spi.ServerAddress;
import java.lang.StackWalker.StackFrame;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the caller still has what he was given, and where he was given it. */
final class Ownership extends WeakReference<Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);

    private final @Nullable StackFrame place;

    Ownership(Object given, @Nullable StackFrame place) {
        super(given);
        this.place = place;
    }

    /** Nobody has it any more. */
    boolean isOver() {
        return refersTo(null);
    }

    /** Says that nobody has it any more, and where somebody had it. */
    void report(String what, String key, ServerAddress server) {
        LOG.warn(
                "nobody has it any more: {}, of '{}' at {}, acquired at {}. It is given up now; use try-with-resources",
                what,
                key,
                server,
                place());
    }

    private String place() {
        return place == null
                ? "a place that was not looked for, among more than " + AcquirePlaces.MOST + " in a second"
                : place.toStackTraceElement().toString();
    }
}

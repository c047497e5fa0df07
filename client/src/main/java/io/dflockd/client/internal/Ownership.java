package io.dflockd.client.internal;

import java.lang.StackWalker.StackFrame;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/** Whether the caller still has what he was given, and where he was given it. */
final class Ownership extends WeakReference<Object> {

    private final @Nullable StackFrame place;

    Ownership(Object given, @Nullable StackFrame place) {
        super(given);
        this.place = place;
    }

    /** Nobody has it any more. */
    boolean isOver() {
        return refersTo(null);
    }

    /** For a message: where it was given to its owner. */
    String place() {
        return place == null
                ? "a place that was not looked for, among more than " + AcquirePlaces.MOST + " in a second"
                : place.toStackTraceElement().toString();
    }
}

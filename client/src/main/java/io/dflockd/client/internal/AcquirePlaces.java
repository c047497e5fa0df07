package io.dflockd.client.internal;

import java.lang.StackWalker.StackFrame;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Finds where in the user's code leases and places are acquired, for the report about one that nobody released (DESIGN rule 10).
 *
 * <p>A look at the stack costs some microseconds and more than 800 bytes, as much as all the rest of an acquire. So only the first {@link #MOST} of a second are
 * looked for: all of them in most programs, and in a busy one so many that whoever keeps losing leases is found.
 */
final class AcquirePlaces {

    static final int MOST = 100;

    private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);
    private static final String OURS = "io.dflockd.client.";
    private static final StackWalker STACK = StackWalker.getInstance();

    private final AtomicInteger found = new AtomicInteger();
    private volatile long windowEnds;

    /** The innermost frame of this thread that is not the client's own; null when there were too many lately. */
    @Nullable
    StackFrame find(long now) {
        if (found.get() >= MOST) {
            if (now - windowEnds < 0) {
                return null;
            }
            found.set(0);
        }
        if (found.getAndIncrement() == 0) {
            windowEnds = now + WINDOW;
        }
        return STACK.walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(OURS))
                .findFirst()
                .orElse(null));
    }
}

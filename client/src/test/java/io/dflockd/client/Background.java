package io.dflockd.client;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call on a thread of its own, whose outcome a test can wait for. */
public final class Background<T> {

    private final AtomicReference<@Nullable T> result = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean interruptedAfter = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;

    private Background(ThreadFactory threads, Callable<T> call) {
        thread = threads.newThread(() -> {
            try {
                result.set(call.call());
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                interruptedAfter.set(Thread.currentThread().isInterrupted());
                ended.countDown();
            }
        });
    }

    public static <T> Background<T> start(Callable<T> call) {
        return start(Background::daemon, call);
    }

    /** On a thread of another kind. */
    public static <T> Background<T> start(ThreadFactory threads, Callable<T> call) {
        Background<T> background = new Background<>(threads, call);
        background.thread.start();
        return background;
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "test-background");
        thread.setDaemon(true);
        return thread;
    }

    public void interrupt() {
        thread.interrupt();
    }

    public boolean isDone() {
        return ended.getCount() == 0;
    }

    /** Whether the thread's interrupt flag was set when the call was over. */
    public boolean interruptedAfter() {
        requireEnd();
        return interruptedAfter.get();
    }

    /** What the call returned. */
    public T result() {
        requireEnd();
        Throwable thrown = failure.get();
        T value = result.get();
        if (thrown != null || value == null) {
            throw new AssertionError("the call in the background failed", thrown);
        }
        return value;
    }

    /** What the call threw. */
    public Throwable failure() {
        requireEnd();
        Throwable thrown = failure.get();
        if (thrown == null) {
            throw new AssertionError("the call in the background returned " + result.get());
        }
        return thrown;
    }

    private void requireEnd() {
        try {
            if (!ended.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("the call in the background has not ended within 20 s");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

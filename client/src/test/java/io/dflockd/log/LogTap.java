package io.dflockd.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/**
 * Everything that is logged while it is open, at every level, by the thread that opened it and by all that are started from there since: what other tests do at
 * the same time is not in it.
 */
public final class LogTap implements AutoCloseable {

    private static final InheritableThreadLocal<@Nullable LogTap> OPEN = new InheritableThreadLocal<>();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private LogTap() {}

    public static LogTap open() {
        LogTap tap = new LogTap();
        OPEN.set(tap);
        return tap;
    }

    /** For the current thread. */
    static boolean isOpen() {
        LogTap tap = OPEN.get();
        return tap != null && !tap.closed;
    }

    static void log(
            Level level, String logger, String pattern, @Nullable Object[] arguments, @Nullable Throwable thrown) {
        LogTap tap = OPEN.get();
        if (tap == null || tap.closed) {
            return;
        }
        StringWriter line = new StringWriter();
        line.append(level + " " + logger + " ").append(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (thrown != null) {
            line.append('\n');
            thrown.printStackTrace(new PrintWriter(line));
        }
        tap.lines.add(line.toString());
    }

    /** Every line so far, as {@code LEVEL logger message}, with the stack trace of what was thrown. */
    public List<String> lines() {
        return lines;
    }

    /** The lines that contain this. */
    public List<String> lines(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        closed = true;
        OPEN.remove();
    }
}

package io.dflockd.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/** Everything that is logged while it is open, at every level; otherwise nothing is. */
public final class LogTap implements AutoCloseable {

    private static final List<LogTap> OPEN = new CopyOnWriteArrayList<>();

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogTap() {}

    public static LogTap open() {
        LogTap tap = new LogTap();
        OPEN.add(tap);
        return tap;
    }

    static boolean isAnyOpen() {
        return !OPEN.isEmpty();
    }

    static void log(
            Level level, String logger, String pattern, @Nullable Object[] arguments, @Nullable Throwable thrown) {
        StringWriter line = new StringWriter();
        line.append(level + " " + logger + " ").append(MessageFormatter.basicArrayFormat(pattern, arguments));
        if (thrown != null) {
            line.append('\n');
            thrown.printStackTrace(new PrintWriter(line));
        }
        OPEN.forEach(tap -> tap.lines.add(line.toString()));
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
        OPEN.remove(this);
    }
}

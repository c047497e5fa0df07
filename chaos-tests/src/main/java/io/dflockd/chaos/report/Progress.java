package io.dflockd.chaos.report;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a run is: a bar on a terminal, a line now and then elsewhere. */
public final class Progress implements AutoCloseable {

    private static final int LINES = 20;

    private final PrintWriter out;
    private final long totalMillis;
    private final Optional<ProgressBar> bar;
    private long nextLine;

    /** @param onTerminal whether there is somebody to look at a bar */
    public Progress(boolean onTerminal, long totalMillis, PrintWriter out) {
        this.out = out;
        this.totalMillis = totalMillis;
        this.bar = onTerminal
                ? Optional.of(new ProgressBarBuilder()
                        .setTaskName("chaos")
                        .setInitialMax(Math.max(1, totalMillis / 1000))
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(250)
                        .setMaxRenderedLength(79)
                        .setUnit(" s", 1)
                        .build())
                : Optional.empty();
        this.nextLine = step();
    }

    /** Whether the process talks to a terminal. From JDK 22 on there may be a console without one, which only it can tell. */
    @SuppressWarnings("SystemConsoleNull")
    public static boolean onTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    private long step() {
        return Math.max(2000, totalMillis / LINES);
    }

    /** So much time has passed, and so much was done. */
    public void at(long millis, long operations, long faults) {
        bar.ifPresent(b -> {
            b.stepTo(millis / 1000);
            b.setExtraMessage(String.format(Locale.ROOT, "%,d operations, %,d faults", operations, faults));
        });
        if (bar.isEmpty() && millis >= nextLine) {
            nextLine += step();
            out.printf(Locale.ROOT, "%5d s  %,10d operations  %,5d faults%n", millis / 1000, operations, faults);
            out.flush();
        }
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}

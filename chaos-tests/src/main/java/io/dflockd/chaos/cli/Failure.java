package io.dflockd.chaos.cli;

import io.dflockd.chaos.history.HistoryException;
import io.dflockd.chaos.workload.CouldNotRunException;
import java.io.UncheckedIOException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What the user reads when a command cannot run. */
final class Failure {

    private Failure() {}

    /** One line; an exception that nobody expected shows its class, and where it came from. */
    static String oneLine(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        boolean expected = e instanceof CouldNotRunException
                || e instanceof HistoryException
                || e instanceof UncheckedIOException
                || e instanceof ParameterException
                || e instanceof TypeConversionException;
        if (!expected) {
            StackTraceElement[] trace = e.getStackTrace();
            message = "unexpected " + e + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        return message.replaceAll("\\s*\\R\\s*", " ").trim();
    }
}

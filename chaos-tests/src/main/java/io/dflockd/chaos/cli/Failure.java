package io.dflockd.chaos.cli;

import io.dflockd.chaos.history.FileTrouble;
import io.dflockd.chaos.workload.CouldNotRunException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** What the user reads when a command cannot run. */
final class Failure {

    private Failure() {}

    /** One line; an exception that nobody expected shows its class, and where it came from. */
    static String oneLine(Exception e) {
        String message = e instanceof IOException io ? FileTrouble.words(io) : e.getMessage() + "";
        if (!isExpected(e)) {
            StackTraceElement[] trace = e.getStackTrace();
            message = "unexpected " + e + (trace.length == 0 ? "" : " at " + trace[0]);
        }
        return message.replaceAll("\\s*\\R\\s*", " ").trim();
    }

    /** Whether it is about what the command was given or found, and not about a mistake in the command itself. */
    static boolean isExpected(Exception e) {
        return e instanceof CouldNotRunException
                || e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof ParameterException
                || e instanceof TypeConversionException;
    }
}
